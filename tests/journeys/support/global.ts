import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadDemoData } from '../../../commands/start/demo.ts';
import { startTestServer } from '../../database/server.ts';

/**
 * One database server for the whole run, whose template gets the demo data once:
 * every portal then starts from a copy, in a blink, and none sees what another did.
 */
export default async function setup(): Promise<() => Promise<void>> {
  // What an earlier run visited must not count for this one (tests/accessibility).
  rmSync(resolve(import.meta.dirname, '../../../.tmp/accessibility'), { recursive: true, force: true });
  const server = await startTestServer();
  try {
    await loadDemoData({ mode: 'demo', appUrl: server.appUrl });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return () => server.stop();
}
