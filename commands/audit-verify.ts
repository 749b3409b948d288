import { existsSync } from 'node:fs';
import { startEmbedded } from '../db/embedded.ts';
import { closePool, configureDatabase, sql } from '../src/lib/db/db.server.ts';
import { verifyChain, type Anchor } from '../src/lib/audit/verify.server.ts';
import { dataFolder } from './start/database.ts';

/**
 * `npm run audit:verify [-- --anchor 番号:ハッシュ …]`: recomputes the audit chain and names the first row that does not fit.
 * Reads DATABASE_URL, else the embedded data (beside a running portal, too). Exit 0: intact; 1: broken; 2: could not look.
 */
async function main(): Promise<number> {
  const anchors = readAnchors(process.argv.slice(2));
  const url = process.env.DATABASE_URL;
  // Looking must not make an empty database to look at.
  if (!url && !existsSync(dataFolder())) throw new Error(`データがありません: ${dataFolder()} / there is no data`);
  const server = url ? undefined : await startEmbedded({ dataDir: dataFolder(), quiet: true });
  try {
    configureDatabase(url ?? server!.ownerUrl, { size: 1, connectMs: 10_000 });
    const started = performance.now();
    const verdict = await verifyChain(sql, anchors);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (verdict.ok) {
      console.log(`監査記録は完全です: ${verdict.rows} 行、控え ${anchors.length} 件と一致、${seconds} 秒`);
      console.log(`この行を庁内の別の場所に控えてください: --anchor ${verdict.head.seq}:${verdict.head.hash}`);
      return 0;
    }
    console.error(`監査記録が壊れています: 番号 ${verdict.brokenSeq} — ${verdict.reason}（${verdict.rows} 番までは正常）`);
    return 1;
  } finally {
    await closePool();
    await server?.stop();
  }
}

function readAnchors(words: string[]): Anchor[] {
  return words.filter((word) => word !== '--anchor').map((word) => {
    const found = /^(\d{1,15}):([0-9a-f]{64})$/.exec(word);
    if (!found) throw new Error(`控えは「番号:64桁のハッシュ」で指定してください: ${word}`);
    return { seq: Number(found[1]), hash: found[2]! };
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`監査記録を確かめられません: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
