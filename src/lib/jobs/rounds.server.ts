import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseAway } from '../db/db.server.ts';
import { log } from '../settings/log.server.ts';

/**
 * Work that finds itself in the database: each piece looks for rows that wait (an unfinished batch, a result nobody was
 * told of) and does what it finds. It runs again and again, at once when nudged, never twice at a time in this process,
 * and never throws. A queue beside those rows would be a second account of the same thing; the rows themselves keep two
 * servers apart (a lease, a unique row) and outlive a crash.
 */
export interface Work {
  name: string;
  everySeconds: number;
  run(signal: AbortSignal): Promise<unknown>;
}

export interface Rounds {
  /** Runs this piece of work now, or once more when it is running. Never throws, never waits. */
  nudge(name: string): void;
  /** Lets what is running come to its next safe place and begins nothing new. */
  stop(): Promise<void>;
}

/** An unreachable database fails every round: one line a minute is enough. */
const LOG_PAUSE_MS = 60_000;

export function startRounds(works: readonly Work[]): Rounds {
  const stopping = new AbortController();
  const bells = new Map<string, { ring: () => void; asked: boolean }>();
  const loops = works.map((work) => loop(work));
  return {
    nudge: (name) => {
      const bell = bells.get(name);
      if (!bell) return;
      bell.asked = true;
      bell.ring();
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    }
  };

  async function loop({ name, everySeconds, run }: Work): Promise<void> {
    const bell = { ring: () => {}, asked: false };
    bells.set(name, bell);
    let loggedAt = 0;
    while (!stopping.signal.aborted) {
      bell.asked = false;
      try {
        await run(stopping.signal);
      } catch (error) {
        if (Date.now() - loggedAt >= LOG_PAUSE_MS) {
          loggedAt = Date.now();
          log(error instanceof DatabaseAway ? 'warning' : 'error', { event: 'work_failed', work: name, error });
        }
      }
      if (!bell.asked) await rest(bell, everySeconds);
    }
  }

  /** Waits for the next time, a nudge, or the end. Does not keep the process alive. */
  async function rest(bell: { ring: () => void }, seconds: number): Promise<void> {
    const waking = new AbortController();
    bell.ring = () => waking.abort();
    await sleep(seconds * 1_000, undefined, { ref: false, signal: AbortSignal.any([waking.signal, stopping.signal]) }).catch(() => undefined);
  }
}
