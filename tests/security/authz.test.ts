import { describe, expect, test } from 'vitest';
import { manifest } from './manifest.ts';
import { testMatrix } from './matrix-case.ts';
import { hasBuild, ROOT } from './portal.ts';
import { gaps } from './run.ts';

test('every route and action stands in the policy and in the expectations, and nothing else does', () => {
  expect(gaps(manifest(ROOT))).toEqual([]);
});

describe.skipIf(!hasBuild())('the matrix over public pages, accounts and groups', () => {
  testMatrix('authz', (id) => !/^\/\((?:panel|office)\)|\/my\/applications/.test(id), ['title', 'address', 'phone', 'paper', 'paperBytes', 'invited', 'oldSession', 'amount']);
});
