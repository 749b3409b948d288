import postgres from 'postgres';
import { afterAll, beforeAll } from 'vitest';
import { copyDatabase, givenServer, type DatabaseCopy } from '../database/server.ts';
import { ask, encode, type Answer, type Fields, type Question } from './ask.ts';
import type { Persona } from './personas.ts';
import { startPortal, type RunningPortal } from './portal.ts';
import { makeWorld, type World } from './world/world.ts';

/** What a test file over HTTP stands on: a portal of its own over a world of its own. Call it inside `describe`. */
export interface Stand {
  world: World; portal: RunningPortal; owner: postgres.Sql;
  ask(persona: Persona, question: Question): Promise<Answer>;
  post(persona: Persona, path: string, fields: Fields): Promise<Answer>;
  /** Moves whenever something audited, a mail, a link or a session was written. */
  stored(): Promise<string>;
}

export function stand(name: string, env: Record<string, string> = {}): Stand {
  let database: DatabaseCopy | undefined;
  const here = {
    ask: (persona: Persona, question: Question) => ask(here.portal.origin, { cookie: here.world.cookies[persona], ...question }),
    post: (persona: Persona, path: string, fields: Fields) => here.ask(persona, { method: 'POST', path, body: encode(fields) }),
    async stored() {
      const [row] = await here.owner<{ mark: string }[]>`
        select concat_ws(' ', (select seq from audit_head), (select count(*) from mail_outbox), (select count(*) from account_token), (select count(*) from session)) as mark`;
      return row!.mark;
    }
  } as Stand;
  beforeAll(async () => {
    database = await copyDatabase(givenServer()!);
    here.world = await makeWorld(database);
    here.owner = postgres(database.ownerUrl, { max: 2, onnotice: () => {} });
    here.portal = await startPortal({ name, appUrl: database.appUrl, env });
  });
  afterAll(async () => {
    await here.portal?.stop();
    await here.owner?.end({ timeout: 1 });
    await database?.drop();
  });
  return here;
}

export const inJapanese = (text: string): boolean => /[ぁ-ん]{2}/.test(text);
/** As the owner, past every guard; the write guard wants a name all the same. */
export async function tamper(owner: postgres.Sql, change: (tx: postgres.TransactionSql) => Promise<unknown>): Promise<void> {
  await owner.begin(async (tx) => {
    await tx`select set_config('portal.actor', 'system:test', true)`;
    await change(tx);
  });
}
