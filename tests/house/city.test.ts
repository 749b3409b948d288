import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { globSync } from 'node:fs';

/** Another municipality adopts the portal by settings alone, so no city stands in code. Comments and samples may name one. */
const ALLOWED = [/\.test\.ts$/, /samples?(\.ts|\/)/, /fixtures\.ts$/, /common-passwords\.ts$/, /\(office\)\/office\/ui\//];

test('no municipality is a constant in code', () => {
  const found = globSync('src/**/*.{ts,svelte,html}').filter((path) => !ALLOWED.some((pattern) => pattern.test(path))).flatMap((path) =>
    readFileSync(path, 'utf8').split('\n').map((line, index) => ({ place: `${path}:${index + 1}`, line }))
      .filter(({ line }) => /高萩|082147|takahagi/i.test(line.replace(/^\s*(\/\/|\*|\/\*\*?).*$/, '').replace(/\/\*\*.*\*\//, ''))));
  expect(found).toEqual([]);
});
