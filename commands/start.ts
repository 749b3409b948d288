/**
 * `npm start`: everything from an empty folder to a running portal.
 * `--fresh` starts over (asks; `--yes` does not), `--port N` listens elsewhere.
 */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { buildIfStale } from './start/build.ts';
import { ask, chooseMode, dataFolder, eraseData, isEmpty, openDatabase, portalSecret, refuseMixedModes, whileMarkedUnfinished, type PortalDatabase } from './start/database.ts';
import { loadDemoData, printDemoAccounts } from './start/demo.ts';
import { preparePortalKeys, refuseMissingKeys } from './start/keys.ts';
import { isPortFree, onEnd, supervise, type Served } from './start/supervisor.ts';

const say = (line: string) => console.log(line);

function readArguments() {
  try {
    const { values } = parseArgs({ options: { fresh: { type: 'boolean' }, yes: { type: 'boolean' }, port: { type: 'string' } } });
    const port = Number(values.port ?? process.env.PORT ?? '3000');
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return leave(`ポート番号が読み取れません: ${values.port ?? process.env.PORT}`);
    return { fresh: values.fresh ?? false, yes: values.yes ?? false, port };
  } catch (error) {
    return leave(`${(error as Error).message}\n使い方: npm start -- [--fresh] [--yes] [--port 番号]`);
  }
}

function leave(line: string): never {
  console.error(line);
  process.exit(1);
}

/** Asks before anything is lost. Where nobody can answer, only `--yes` counts. */
async function confirmFresh(yes: boolean): Promise<void> {
  if (process.env.DATABASE_URL) leave('--fresh は同梱のデータベースだけを消せます。DATABASE_URL のデータベースはご自分で作り直してください。');
  if (yes) return;
  if (!process.stdin.isTTY) leave('データを消してよいか確かめられません。消すときは npm start -- --fresh --yes と実行してください。');
  const question = createInterface({ input: process.stdin, output: process.stdout });
  const answer = (await question.question(`${dataFolder()} を消して最初からやり直します。よろしいですか？ (はい/いいえ) `)).trim().toLowerCase();
  question.close();
  if (!['はい', 'y', 'yes'].includes(answer)) leave('何も消さずに終わります。');
}

async function portalName(db: PortalDatabase): Promise<string> {
  const [row] = await ask(db.ownerUrl, (sql) => sql<{ name: string }[]>`select portal_name as name from city_settings`);
  return row!.name;
}

function serverEnvironment(db: PortalDatabase, port: number): NodeJS.ProcessEnv {
  const { DATABASE_OWNER_URL: _never, ...rest } = process.env;
  // The web server gets the application's role only; the owner's address stays with this process.
  return { ...rest, NODE_ENV: 'production', DATABASE_URL: db.appUrl, PORTAL_MODE: db.mode, PORTAL_SECRET: portalSecret(db), PORT: String(port) };
}

function announce(name: string, db: PortalDatabase, { origin }: Served): void {
  say('');
  say(`${name}が動いています${db.mode === 'demo' ? '（架空のデータの見本です）' : ''}。 / The portal is running.`);
  say(`  アドレス / address: ${origin}`);
  say('  止めるとき / stop:  Ctrl+C');
  if (db.mode === 'demo') printDemoAccounts(say);
}

async function main(): Promise<void> {
  const { fresh, yes, port } = readArguments();
  const host = process.env.HOST ?? '127.0.0.1';
  if (fresh) await confirmFresh(yes);
  if (port !== 0 && !(await isPortFree(port, host))) {
    leave(`ポート ${port} は使われています。PORT=${port + 1} npm start のように別の番号を指定してください。`);
  }
  // The letters of the demo data are written before the server runs, and name its address.
  if (port !== 0) process.env.ORIGIN ??= `http://localhost:${port}`;
  if (fresh) await eraseData();
  // Refused before anything is started.
  if (chooseMode() === 'production') preparePortalKeys('production');
  const opening = openDatabase(say);
  // A Ctrl+C must stop whatever has been started by then; what breaks because of it is no news.
  let stopping = false;
  let stop: () => Promise<void> = async () => (await opening.catch(() => undefined))?.close();
  onEnd((reason) => {
    stopping = true;
    if (reason !== 'npm gone') say('\n止めています…');
    void stop().finally(() => process.exit(0));
  });
  const db = await opening;
  try {
    await refuseMixedModes(db);
    preparePortalKeys(db.mode);
    await refuseMissingKeys(db);
    if (db.mode === 'demo' && (await isEmpty(db))) {
      say('架空の見本データを入れています');
      await whileMarkedUnfinished(db, () => loadDemoData(db));
    }
    await buildIfStale(say);
    const name = await portalName(db);
    const server = supervise(serverEnvironment(db, port), (served) => announce(name, db, served));
    stop = async () => {
      await server.stop();
      await db.close();
      say('止まりました。データは残っています。 / Stopped; the data is kept.');
    };
    process.exitCode = await server.finished;
  } catch (error) {
    if (stopping) return;
    await db.close();
    throw error;
  }
  // A person's Ctrl+C ends the process above; here the server has given up by itself.
  if (stopping) return;
  await db.close();
  process.exit();
}

try {
  await main();
} catch (error) {
  leave(error instanceof Error ? error.message : String(error));
}
