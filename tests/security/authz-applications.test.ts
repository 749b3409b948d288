import { describe } from 'vitest';
import { testMatrix } from './matrix-case.ts';
import { hasBuild } from './portal.ts';

describe.skipIf(!hasBuild())('the matrix over applications', () => {
  testMatrix('authz-applications', (id) => id.includes('/my/applications'), [
    'title', 'text', 'contactPhone', 'file', 'fileBytes', 'receiptBytes', 'correction', 'dismissal', 'amount', 'reason', 'condition', 'letter', 'phone', 'address'
  ]);
});
