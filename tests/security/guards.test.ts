import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { policy } from '../../src/lib/policy/policy.ts';
import { findGuards, GUARDED_ELSEWHERE, OTHER_PURPOSE, TWINS } from './guards.ts';
import { ROOT } from './portal.ts';

const found = findGuards(ROOT);
const policyNames = Object.keys(policy).map((id) => `policy ${id} `);
/** Tables in which a column is more than public, by their own comments (docs/data-dictionary.md). */
const closed = new Set(globSync('db/migrations/*.sql', { cwd: ROOT }).flatMap((file) =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/comment on column (\w+)\.\w+ is\s+'[^']*区分:(?:内部|個人|機微)/g)].map((match) => match[1]!)));
const tablesIn = (text: string) => [...text.matchAll(/\b(?:from|join|update|into)\s+(\w+)/g)].map((match) => match[1]!).filter((name) => closed.has(name));

test('every store that touches what is not public has a guard that the mutants take away, or says who guards it', () => {
  const guarded = new Set(found.mutants.flatMap(({ store }) => (store ? [store.file] : [])));
  const open = found.stores.filter((file) => tablesIn(readFileSync(join(ROOT, file), 'utf8')).length > 0).map((file) => file.replace('src/lib/', '')).filter((file) => !guarded.has(file));
  expect(closed.size).toBeGreaterThan(30);
  expect(open).toEqual(Object.keys(GUARDED_ELSEWHERE).sort());
});

test('nothing is excused that is not there', () => {
  expect([...found.excused].sort()).toEqual(Object.keys(OTHER_PURPOSE).sort());
  const named = (part: string) => policyNames.some((name) => part.startsWith(name)) || found.mutants.some(({ what }) => what.includes(part));
  expect(TWINS.flat().filter((part) => !named(part))).toEqual([]);
});
