import { expect, test } from 'vitest';
import { circles, importsOf, sources, type Source } from './source.ts';

/** The architecture tests are only as good as this reader, so it is shown what it must not miss. */
test('every way of importing is seen, and types are told from values', () => {
  const text = [
    "import a from './day.ts';", "import {\n  b,\n  c as d\n} from '../money/yen.ts';", "import type { E } from '$lib/time/day';", "import { type F, type G as H } from './wareki.ts';",
    "import i, { type J } from './fiscal-year.ts';", "export * from './business-day.ts';", "import './nothing.ts';", "const k = await import('../forms/read.ts');", "import 'node:fs';", "// import z from './z.ts';"
  ].join('\n');
  expect(importsOf('src/lib/time/made-up.ts', text).map(({ file, specifier, typeOnly }) => [file ?? specifier, typeOnly])).toEqual([
    ['src/lib/time/day.ts', false], ['src/lib/money/yen.ts', false], ['src/lib/time/day.ts', true], ['src/lib/time/wareki.ts', true], ['src/lib/time/fiscal-year.ts', false],
    ['src/lib/time/business-day.ts', false], ['./nothing.ts', false], ['src/lib/forms/read.ts', false], ['node:fs', false]
  ]);
});

test('a circle is found wherever it is entered', () => {
  const file = (path: string, ...to: string[]): Source => ({ path, text: '', lines: 0, imports: to.map((one) => ({ specifier: one, file: one, typeOnly: false })) });
  expect(circles([file('a', 'b', 'x'), file('b', 'c'), file('c', 'd'), file('d', 'b'), file('x')])).toEqual(['b → c → d → b']);
  expect(circles([file('a', 'b'), file('b', 'c'), file('c'), file('d', 'b', 'c')])).toEqual([]);
});

test('it really reads this checkout', () => {
  const read = sources('src/lib/**/*.ts');
  expect(read.length).toBeGreaterThan(50);
  expect(read.flatMap(({ imports }) => imports).filter(({ file }) => file !== null).length).toBeGreaterThan(100);
});
