import { describe } from 'vitest';
import { testMatrix } from './matrix-case.ts';
import { hasBuild } from './portal.ts';

describe.skipIf(!hasBuild())('the matrix over the committee and the office', () => {
  testMatrix('authz-office', (id) => /^\/\((?:panel|office)\)/.test(id), [
    'title', 'text', 'contactPhone', 'file', 'fileBytes', 'receiptBytes', 'check', 'correction', 'dismissal', 'score', 'ownScore', 'conflict', 'reason', 'condition', 'amount', 'approval', 'letter', 'substitution', 'problem',
    'audit', 'mail', 'filter', 'unpublished', 'phone', 'address', 'paper'
  ]);
});
