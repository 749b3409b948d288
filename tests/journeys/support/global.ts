import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadDemoData } from '../../../commands/start/demo.ts';
import { copyDatabase, startTestServer } from '../../database/server.ts';

/**
 * One database server for the whole run, whose template gets the demo data once:
 * every portal then starts from a copy, in a blink, and none sees what another did.
 * One copy is made before that and stays blank, for tests/accessibility to fill in its own way.
 */
export default async function setup(): Promise<() => Promise<void>> {
  // What an earlier run visited must not count for this one.
  rmSync(resolve(import.meta.dirname, '../../../.tmp/accessibility'), { recursive: true, force: true });
  const server = await startTestServer();
  try {
    const { appUrl, ownerUrl } = await copyDatabase(server);
    process.env.PORTAL_TEST_BLANK = JSON.stringify({ appUrl, ownerUrl });
    await loadDemoData({ mode: 'demo', appUrl: server.appUrl });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return () => server.stop();
}
