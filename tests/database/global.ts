import { startTestServer } from './server.ts';

/** vitest's globalSetup: one server for the whole run; test files find it through the environment. */
export default async function setup(): Promise<() => Promise<void>> {
  const server = await startTestServer();
  return () => server.stop();
}
