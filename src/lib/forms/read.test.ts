import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { messageFor } from './problems.ts';
import { checkbox, choice, choices, day, integer, MAX_TYPED, readForm, row, secret, text, uuid, yen, type ValueOf } from './read.ts';

const spec = {
  title: text({ label: '事業の名称', max: 60, required: true }),
  note: text({ label: '備考', max: 100 }),
  due: day({ label: '完了予定日' }),
  kind: choice(['new', 'again'], { label: '区分' }),
  areas: choices(['east', 'west'], { label: '地区' }),
  agreed: checkbox({ label: '同意' }),
  lines: row('line', {
    id: uuid({ label: '番号' }), item: text({ label: '品名', max: 20, required: true }),
    amount: yen({ label: '金額', required: true }), category: choice(['a', 'b'], { label: '費目', required: true })
  }, { label: '支出', min: 1, max: 3 })
};

function formOf(...entries: [string, string | File][]): FormData {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
}

const good: [string, string][] = [
  ['title', '花壇づくり'], ['note', ''], ['due_year', '令和8'], ['due_month', '4'], ['due_day', '1'], ['areas', 'west'], ['areas', 'east'],
  ['line.0.item', '苗'], ['line.0.amount', '1,000'], ['line.0.category', 'a'], ['line.0.id', ''], ['line.1.category', 'a'], ['line.1.item', ''],
  ['line.10.item', '土'], ['line.10.amount', '２０００円'], ['line.10.category', 'b'], ['_key', 'k']
];

describe('a form that is right', () => {
  test('gives the typed value, with empty rows dropped', () => {
    const read = readForm(formOf(...good), spec);
    expect(read).toEqual({
      ok: true,
      value: {
        title: '花壇づくり', note: null, due: '2026-04-01', kind: null, areas: ['east', 'west'], agreed: false,
        lines: [{ id: null, item: '苗', amount: 1000, category: 'a' }, { id: null, item: '土', amount: 2000, category: 'b' }]
      }
    });
  });

  test('the types follow from the spec', () => {
    expectTypeOf<ValueOf<typeof spec>>().toEqualTypeOf<{
      title: string; note: string | null; due: string | null; kind: 'new' | 'again' | null; areas: ('east' | 'west')[]; agreed: boolean;
      lines: { id: string | null; item: string; amount: number; category: 'a' | 'b' }[];
    }>();
  });
});

describe('a form that is not', () => {
  test('comes back exactly as typed, with every problem at once', () => {
    const read = readForm(formOf(['title', '　'], ['due_year', '８'], ['due_month', '1'], ['due_day', '1'], ['line.3.amount', '10万'], ['line.3.category', '']), spec);
    if (read.ok) throw new Error('accepted');
    expect(read.status).toBe(422);
    expect(read.values).toEqual({
      title: '　', due_year: '８', due_month: '1', due_day: '1', 'line.3.amount': '10万', 'line.3.category': '', kind: '', areas: [], agreed: ''
    });
    expect(read.problems).toEqual([
      { field: 'title', message: '事業の名称を入力してください。' },
      { field: 'due', message: '完了予定日の年は「令和8」または「2026」のように入力してください。' },
      { field: 'line.3.item', message: '4行目の品名を入力してください。' },
      { field: 'line.3.amount', message: '4行目の金額は「万」や「千」を使わず、数字だけで入力してください。例：10万円は100,000' },
      { field: 'line.3.category', message: '4行目の費目を選んでください。' }
    ]);
    expect(messageFor(read.problems, 'title')).toBe('事業の名称を入力してください。');
    expect(messageFor(read.problems, 'note')).toBeNull();
    expect(messageFor(undefined, 'note')).toBeNull();
  });

  test('too few rows, too many rows', () => {
    const rows = Array.from({ length: 4 }, (_, at): [string, string] => [`line.${at}.item`, 'x']);
    const many = readForm(formOf(['title', 'a'], ...rows), spec);
    expect(!many.ok && many.problems).toEqual([{ field: 'line', message: '支出は3行までで入力してください。' }]);
    const none = readForm(formOf(['title', 'a']), spec);
    expect(!none.ok && none.problems).toEqual([{ field: 'line', message: '支出を1行以上入力してください。' }]);
  });

  test('a password is not echoed', () => {
    const read = readForm(formOf(['pass', 'correct horse'], ['password_new', 'x'], ['n', '']), {
      pass: secret({ label: 'パスワード', max: 256 }), password_new: text({ label: 'p', max: 9 }), n: integer({ label: '数', min: 0, max: 1, required: true })
    });
    expect(!read.ok && read.values).toEqual({ n: '' });
  });
});

describe('what no honest form sends is 400 (IN-1, IN-3)', () => {
  const hostile: [string, string | File][] = [
    ['role', 'admin'], ['title', 'second'], ['title', new File(['x'], 'x.txt')], ['note', 'a\0b'], ['note', '\x1b[2J'], ['note', '\x7f'], ['due', '\0'],
    ['line.0.role', 'x'], ['line.00.item', 'x'], ['line.-1.item', 'x'], ['line.1e3.item', 'x'], ['line.1000.item', 'x'], ['line.item', 'x'], ['line', 'x'], ['lines', 'x'],
    ['line.0.item', 'twice'], ['line.0.item.x', 'x'], ['other.0.item', 'x'], ['constructor', 'x'], ['toString', 'x'], ['title[]', 'x'], ['Title', 'x'], [' title', 'x'], ['', 'x'],
    ['due_hour', '1'], ['areas', new File([], '')], ['line.0.amount', new File(['1'], '1')]
  ];

  test.each(hostile)('%j', (name, value) => {
    const read = readForm(formOf(...good, [name, value]), spec);
    expect(read.ok ? 'accepted' : read.status).toBe(400);
  });

  test('no name reaches a prototype', () => {
    const read = readForm(formOf(...good, ['__proto__', 'x'], ['__proto__.polluted', 'x'], ['line.0.__proto__', 'x']), spec);
    expect(read.ok).toBe(false);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('a lone surrogate becomes U+FFFD on its way into FormData and is refused there', () => {
    const read = readForm(formOf(...good.filter(([name]) => name !== 'note'), ['note', '\ud800']), spec);
    expect(!read.ok && [read.status, read.problems[0]?.message]).toEqual([400, '備考に文字化けした字が入っています。その字を入力し直してください。']);
  });

  test('too much text is 413, and still comes back', () => {
    const read = readForm(formOf(['title', 'あ'.repeat(MAX_TYPED + 1)]), spec);
    expect(!read.ok && [read.status, read.problems.length, read.values.title?.length]).toEqual([413, 1, MAX_TYPED + 1]);
  });

  test('any names with any values: an answer or problems, never an exception', () => {
    const name = fc.oneof(fc.string(), fc.constantFrom('title', 'note', 'due', 'due_year', 'due_month', 'due_day', 'kind', 'areas', 'agreed', 'line.0.item', 'line.1.amount', 'line.2.id'));
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('1', '2026', '令和8', 'on', 'a', 'new').map(String), fc.constant(new File(['x'], 'x')));
    fc.assert(fc.property(fc.array(fc.tuple(name, value), { maxLength: 20 }), (entries) => {
      const read = readForm(formOf(...entries), spec);
      if (read.ok) expect(read.value.title.length).toBeGreaterThan(0);
      else expect(read.problems.every(({ message }) => message.endsWith('。') || message.includes('例：'))).toBe(true);
    }), { numRuns: 1000 });
  });
});
