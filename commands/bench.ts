/**
 * `npm run bench -- pages letters`: what the portal costs, as ratios measured in one run (docs/benchmarks.md).
 * Without a word it runs every bench. Exit 0 only when every bound holds.
 */
import { letters } from '../tests/bench/letters.ts';
import { pages } from '../tests/bench/pages.ts';
import { print, type Verdict } from '../tests/bench/figures.ts';
import { buildIfStale } from './start/build.ts';

const BENCHES: Record<string, (say: (line: string) => void) => Promise<Verdict[]>> = { pages, letters };

async function main(): Promise<number> {
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHES);
  const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0) {
    console.error(`知らないベンチです: ${unknown.join(', ')}（${Object.keys(BENCHES).join(', ')} から選んでください）`);
    return 2;
  }
  const say = (line: string) => console.log(line);
  if (wanted.includes('pages')) await buildIfStale(say);
  const verdicts: Verdict[] = [];
  for (const name of wanted) verdicts.push(...(await BENCHES[name]!(say)));
  console.log('');
  print(verdicts);
  const failed = verdicts.filter((verdict) => !verdict.ok).length;
  console.log(failed === 0 ? 'bench: every bound holds' : `bench: ${failed} of ${verdicts.length} bounds broken`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
