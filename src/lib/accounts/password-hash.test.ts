import { hashSync, verifySync } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { hashPassword, isBusy, PARALLEL_MAX, QUEUE_MAX, queueLength, verifyPassword } from './password.server.ts';

const PASSWORD = 'みかん 電柱 三毛猫 鉛筆けずり';

test('the stored hash is argon2id at the agreed cost', async () => {
  const made = await hashPassword(PASSWORD);
  expect(made.ok && made.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('only exactly what was typed matches: no trimming, case, cut or normalisation', async () => {
  const typed = `神\uFA19 が か\u3099 é ${'x'.repeat(230)}`;
  const made = await hashPassword(typed);
  if (!made.ok) throw new Error('busy');
  const others = [typed.normalize('NFC'), typed.normalize('NFKC'), typed.slice(0, -1), `${typed} `, ` ${typed}`, typed.toUpperCase(), typed.slice(0, 72), `${typed}\0`];
  expect(await verifyPassword(made.hash, typed)).toEqual({ ok: true, matches: true, outdated: false });
  for (const other of others) expect(await verifyPassword(made.hash, other)).toMatchObject({ ok: true, matches: false });
});

test('a weaker hash is recognised', async () => {
  const weak = hashSync(PASSWORD, { memoryCost: 4096, timeCost: 1, parallelism: 1 });
  expect(await verifyPassword(weak, PASSWORD)).toEqual({ ok: true, matches: true, outdated: true });
});

test.each([null, '', 'x', '$argon2id$', '$argon2id$v=19$m=19456,t=2,p=1$', '$2b$12$abcdefghijklmnopqrstuv', hashSync(PASSWORD, { memoryCost: 8192, algorithm: 0 })])(
  'nobody, and a damaged or foreign hash (%s), fail as quietly and as slowly as a wrong password', async (stored) => {
    const good = hashSync('other', { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    // The quickest of several runs, taken in turn: other work on the machine only ever makes a run slower.
    const quickest = { good: Infinity, stored: Infinity };
    for (let i = 0; i < 6; i++) {
      for (const [name, hash] of [['good', good], ['stored', stored]] as const) {
        const started = performance.now();
        expect(await verifyPassword(hash, PASSWORD)).toMatchObject({ ok: true, matches: false });
        quickest[name] = Math.min(quickest[name], performance.now() - started);
      }
    }
    expect(quickest.stored).toBeGreaterThan(quickest.good / 2);
  });

test('a storm of 200: two run, fifty wait, the rest are told to come back, and the event loop stays free', async () => {
  const stored = hashSync(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  let longestWait = 0;
  let last = performance.now();
  const pulse = setInterval(() => {
    longestWait = Math.max(longestWait, performance.now() - last);
    last = performance.now();
  }, 5);
  const storm = Array.from({ length: 200 }, () => verifyPassword(stored, PASSWORD));
  expect(queueLength()).toBe(QUEUE_MAX);
  expect(isBusy()).toBe(true);
  const answers = await Promise.all(storm);
  clearInterval(pulse);
  expect(answers.filter((a) => a.ok && a.matches).length).toBe(PARALLEL_MAX + QUEUE_MAX);
  expect(answers.filter((a) => !a.ok && a.reason === 'busy' && a.retryAfterSeconds > 0).length).toBe(200 - PARALLEL_MAX - QUEUE_MAX);
  expect(longestWait).toBeLessThan(1000);
  expect(queueLength()).toBe(0);
  expect(isBusy()).toBe(false);
  expect(verifySync(stored, PASSWORD)).toBe(true);
});
