import { describe, expect, test } from 'vitest';
import { sampleSubmission } from '../documents/samples.ts';
import { differences, isKept, readSnapshot, type Snapshot } from './snapshot.ts';

const base = sampleSubmission as Snapshot;
const changed = (change: (copy: Snapshot) => void): Snapshot => {
  const copy = structuredClone(base);
  change(copy);
  return copy;
};

describe('differences', () => {
  test('equal submissions have none, whatever the order of budget lines', () => {
    expect(differences(base, structuredClone(base))).toEqual([]);
    expect(differences(base, changed((copy) => copy.budget.expense.reverse()))).toEqual([]);
  });

  test('an answer shows its question, before and after, as it is read', () => {
    const day = base.sections.flatMap((part) => part.answers.map((answer) => ({ part, answer }))).find(({ answer }) => answer.kind === 'day')!;
    const rows = differences(base, changed((copy) => {
      copy.sections.find((part) => part.section === day.part.section)!.answers.find((answer) => answer.name === day.answer.name)!.value = '2027-02-03';
    }));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ section: day.part.section, label: day.answer.label, after: '令和9年（2027年）2月3日' });
  });

  test('a long budget shows only its changed lines, each side, and the amount asked for', () => {
    const rows = differences(base, changed((copy) => {
      const first = copy.budget.expense[0]!;
      copy.budget.expense[0] = { ...first, amount_yen: first.amount_yen + 1000 };
      copy.budget.expense.push({ ...first });
      copy.budget.requested_yen -= 1000;
    }));
    const expense = rows.find((row) => row.label === '支出')!;
    // The same line twice is one line more, not the same list.
    expect(expense.before).toBe('');
    expect(expense.after.split('\n')).toHaveLength(1);
    expect(rows.find((row) => row.label === '申請額')!.after).toMatch(/円$/);
  });

  test('a value that is gone is told too', () => {
    const numbered = changed((copy) => { copy.organisation.corporate_number = '8000012010038'; });
    const without = changed((copy) => { copy.organisation.corporate_number = null; });
    expect(differences(numbered, without)).toEqual([{ section: 'organisation', title: '団体', label: '法人番号', before: '8000012010038', after: '' }]);
  });

  test('a file replaced by another of the same name is seen by its hash', () => {
    const rows = differences(base, changed((copy) => { copy.files[0]!.sha256 = 'f'.repeat(64); }));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ section: 'papers', label: '添付ファイル' });
    expect(rows[0]!.after).toContain('ffffffffffff');
  });
});

test('a stored copy of an unknown format is damage', () => {
  expect(() => readSnapshot(JSON.stringify({ ...base, format: 2 }))).toThrow();
  expect(readSnapshot(JSON.stringify(base))).toEqual(base);
});

test('without a correction nothing is kept back; with one, all but what it names', () => {
  expect(isKept(null, 'budget')).toBe(false);
  expect(isKept({ open: ['budget'], previous: base }, 'budget')).toBe(false);
  expect(isKept({ open: ['budget'], previous: base }, 'team')).toBe(true);
});
