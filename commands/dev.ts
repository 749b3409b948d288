/** `npm run dev`: embedded database, demo data and Vite's development server with instant reload. */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { isEmpty, openDatabase, portalSecret, refuseMixedModes, whileMarkedUnfinished } from './start/database.ts';
import { loadDemoData, printDemoAccounts } from './start/demo.ts';
import { preparePortalKeys, refuseMissingKeys } from './start/keys.ts';
import { onEnd } from './start/supervisor.ts';

const ROOT = resolve(import.meta.dirname, '..');
const say = (line: string) => console.log(line);
const port = process.env.PORT ?? '5173';

const db = await openDatabase(say);
await refuseMixedModes(db);
preparePortalKeys(db.mode);
await refuseMissingKeys(db);
if (db.mode === 'demo') {
  if (await isEmpty(db)) await whileMarkedUnfinished(db, () => loadDemoData(db));
  printDemoAccounts(say);
}
// The address Vite prints: `localhost` would be another origin, and its forms refused.
const vite = spawn(process.execPath, [join(ROOT, 'node_modules/vite/bin/vite.js'), 'dev', '--port', port, '--strictPort', ...process.argv.slice(2)], {
  cwd: ROOT,
  env: { ...process.env, DATABASE_URL: db.appUrl, PORTAL_MODE: db.mode, PORTAL_SECRET: portalSecret(db), PORTAL_ROOT: ROOT, ORIGIN: process.env.ORIGIN ?? `http://127.0.0.1:${port}` },
  stdio: 'inherit'
});
onEnd(() => vite.kill('SIGTERM'));
vite.once('exit', (code) => {
  void db.close().then(() => process.exit(code ?? 0));
});
