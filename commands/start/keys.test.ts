import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../tests/database/harness.ts';
import { TEST_KEYS } from '../../tests/keys.ts';
import { makeAccount } from '../../src/lib/accounts/fixtures.ts';
import { enrol } from '../../src/lib/accounts/second-factor.server.ts';
import { makeOffer } from '../../src/lib/accounts/second-factor-offer.server.ts';
import { newTotpSecret } from '../../src/lib/accounts/totp.server.ts';
import { transaction } from '../../src/lib/db/db.server.ts';
import { seal, unseal } from '../../src/lib/settings/sealing.server.ts';
import { preparePortalKeys, refuseMissingKeys } from './keys.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const given = { ...process.env };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kyodo-portal-keys-'));
  process.env.PORTAL_DATA_DIR = join(folder, 'data');
  delete process.env.PORTAL_KEYS;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  process.env.PORTAL_KEYS = given.PORTAL_KEYS;
  if (given.PORTAL_DATA_DIR === undefined) delete process.env.PORTAL_DATA_DIR;
  else process.env.PORTAL_DATA_DIR = given.PORTAL_DATA_DIR;
});
const file = () => join(folder, 'data/portal.key');

describe('the key of a demo', () => {
  test('is made once, for its owner alone, and outlives restarts', () => {
    preparePortalKeys('demo');
    const sealed = seal('秘密', 'here');
    expect(readFileSync(file(), 'utf8')).toMatch(/^demo:[0-9a-f]{64}\n$/);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    delete process.env.PORTAL_KEYS;
    preparePortalKeys('demo');
    expect(unseal(sealed, 'here')).toBe('秘密');
  });

  test('gives way to one that was given, and is not made then', () => {
    process.env.PORTAL_KEYS = TEST_KEYS;
    preparePortalKeys('demo');
    expect([process.env.PORTAL_KEYS, existsSync(file())]).toEqual([TEST_KEYS, false]);
  });

  test('is never replaced: a damaged file stops the start', () => {
    preparePortalKeys('demo');
    writeFileSync(file(), 'demo:123');
    delete process.env.PORTAL_KEYS;
    expect(() => preparePortalKeys('demo')).toThrow(/^PORTAL_KEYS の1番目が/);
    expect(readFileSync(file(), 'utf8')).toBe('demo:123');
  });
});

test('production makes none, and says so in one line', () => {
  for (const text of [undefined, '', '   ']) {
    if (text === undefined) delete process.env.PORTAL_KEYS;
    else process.env.PORTAL_KEYS = text;
    expect(() => preparePortalKeys('production')).toThrow(/^PORTAL_KEYS がありません。.*$/);
  }
  process.env.PORTAL_KEYS = 'himitsu';
  expect(() => preparePortalKeys('production')).toThrow(/^PORTAL_KEYS の1番目が.*$/);
  expect(existsSync(file())).toBe(false);
});

test('a key that something is still sealed with must not be missing', async () => {
  process.env.PORTAL_KEYS = TEST_KEYS;
  const { ownerUrl } = await freshDatabase();
  await expect(refuseMissingKeys({ ownerUrl })).resolves.toBeUndefined();
  const accountId = await makeAccount('sealed@example.jp');
  await transaction({ name: 'system:test' }, (tx) => enrol(tx, accountId, { ...makeOffer('set_up'), secret: newTotpSecret() }, 0, new Date()));
  await expect(refuseMissingKeys({ ownerUrl })).resolves.toBeUndefined();
  const another = `next:${'0f1e2d3c4b5a69788796a5b4c3d2e1f0'.repeat(2)}`;
  process.env.PORTAL_KEYS = `${another},${TEST_KEYS}`;
  await expect(refuseMissingKeys({ ownerUrl })).resolves.toBeUndefined();
  process.env.PORTAL_KEYS = another;
  await expect(refuseMissingKeys({ ownerUrl })).rejects.toThrow(/^PORTAL_KEYS に「test」の鍵がありません。.*$/);
});

/** What the server says and how it leaves, before it listens to anybody. */
function serve(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'commands/serve.ts')], { cwd: ROOT, env: { PATH: given.PATH ?? '', NODE_ENV: 'production', PORT: '0', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', PORTAL_JOBS: 'off', ...env } });
  const parts: Buffer[] = [];
  child.stderr.on('data', (part: Buffer) => parts.push(part));
  return new Promise((done) => child.once('close', (code) => done({ code, said: Buffer.concat(parts).toString('utf8').trim() })));
}

test.skipIf(!existsSync(join(ROOT, 'build/handler.js')))('the server itself refuses what would weaken it, in one line of Japanese', async () => {
  const wrong: Record<string, string>[] = [{ PORTAL_MODE: 'production' }, { PORTAL_MODE: 'demo', PORTAL_KEYS: 'a:b' }, { PORTAL_MODE: 'production', PORTAL_KEYS: TEST_KEYS, STAFF_SECOND_STEP: 'off' }];
  for (const env of wrong) {
    const { code, said } = await serve(env);
    expect([code, said]).toEqual([2, expect.stringMatching(/^(?:PORTAL_KEYS|STAFF_SECOND_STEP).*[ぁ-ん].*$/)]);
  }
});
