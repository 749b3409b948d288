import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Formula, Step } from '../formulas/formula.ts';
import { checkFormula } from '../formulas/check.ts';
import { evaluate } from '../formulas/evaluate.ts';
import { rational } from '../formulas/rational.ts';
import { catalogueCity, catalogueEdition, sample, stored } from './fixtures.ts';
import { GIF_HEADINGS, gifRow, jgrantsSubsidy } from './catalogue.ts';
import { ceilingOf, percentWords } from './ceiling.ts';
import { knownFacts } from './known-facts.ts';
import { SAMPLE_CONTENT } from './sample-content.ts';

const at = (one: Step): Step => one;
const formula = (...steps: Step[]): Formula => ({ figures: [], rows: [], steps });
const half = { otherwise: { numerator: 1, denominator: 2 }, cases: [] };
const fixed = (yen: number) => ({ otherwise: yen, cases: [] });

describe('the ceiling', () => {
  const rated = at({ key: 'rated', label: 'r', do: 'rate', of: 'eligible', rate: half });
  const flat = at({ key: 'flat', label: 'f', do: 'amount', yen: fixed(30_000) });
  test.each<[string, Formula, number | null, string | null]>([
    ['the sample: the higher of two caps, the higher of two rates', SAMPLE_CONTENT.formula, 200_000, '100.0'], ['a rate alone', formula(rated), null, '50.0'], ['a fixed amount', formula(flat), 30_000, null],
    ['the less of a rate and an amount', formula(rated, flat, { key: 'x', label: 'x', do: 'least', of: ['rated', 'flat'] }), 30_000, '50.0'], ['the more of them', formula(rated, flat, { key: 'x', label: 'x', do: 'greatest', of: ['rated', 'flat'] }), null, '50.0'],
    ['an amount and a surcharge', formula(flat, { key: 'more', label: 'm', do: 'amount', yen: fixed(5_000) }, { key: 'x', label: 'x', do: 'sum', of: ['flat', 'more'] }), 35_000, null], ['a cap rounded up', formula(rated, { key: 'c', label: 'c', do: 'cap', of: 'rated', yen: fixed(99_500) }, { key: 'x', label: 'x', do: 'round', of: 'c', unit: 1_000, mode: 'up' }), 100_000, '50.0'],
    ['half of a cap', formula({ key: 'c', label: 'c', do: 'cap', of: 'eligible', yen: fixed(100_001) }, { key: 'x', label: 'x', do: 'rate', of: 'c', rate: half }), 50_000, '50.0'], ['brackets', formula({ key: 'x', label: 'x', do: 'bracket', of: 'eligible', brackets: [{ from: 0, to: 9, yen: 100_000 }, { from: 10, to: null, yen: 350_000 }] }), 350_000, null],
    ['a rate of a rate', formula(rated, { key: 'x', label: 'x', do: 'rate', of: 'rated', rate: half }), null, '25.0'], ['nothing', formula(), null, null], ['a price per household', { figures: [], rows: [], steps: [{ key: 'x', label: 'x', do: 'units', lines: [{ figure: 'homes', yen: fixed(1_400) }] }] }, null, null]
  ])('%s', (_, made, yen, rate) => {
    const ceiling = ceilingOf(made);
    expect([ceiling.yen, ceiling.rate === null ? null : percentWords(ceiling.rate)]).toEqual([yen, rate]);
  });

  test('one decimal, half up', () => {
    expect([rational(1, 3), rational(2, 3), rational(1, 16), rational(5, 12), rational(1)].map(percentWords)).toEqual(['33.3', '66.7', '6.3', '41.7', '100.0']);
  });

  test('no application of an edition is given more', () => {
    fc.assert(fc.property(stored, fc.nat(3_000_000), fc.nat(3_000_000), fc.constantFrom({}, { course: 'start_up' }, { course: 'regular' }), (content, eligible, deducted, facts) => {
      if (checkFormula(content.formula, knownFacts(content)).errors.length > 0) return;
      const { yen } = ceilingOf(content.formula);
      const result = evaluate(content.formula, { eligible, total: eligible, deducted, granted_this_year: 0, figures: {}, rows: {}, facts }, knownFacts(content));
      if (result.ok && yen !== null) expect(result.result_yen).toBeLessThanOrEqual(yen);
    }), { numRuns: 400 });
  });
});

describe('GIF 451-4', () => {
  const row = gifRow(catalogueEdition(), catalogueCity());

  test('every item in its order, and what the sample says', () => {
    expect(Object.keys(row)).toEqual([...GIF_HEADINGS]);
    expect(row).toMatchObject({
      制度所管組織: '架空市', 'タイトル（制度名）': 'まちづくり支援金（設定例）', 対象者: '市民活動団体;NPO法人;自治会', 給付上限額: '200000', 最大補助率: '100.0', 公募開始日: '2026-04-13', 公募終了日: '2026-07-31', 予算枠の有無: '有',
      電子申請の有無: 'https://portal.example/apply', 最大金利: '', キーワード: 'まちづくり;市民活動;協働', 公開開始日: '2026-04-01', 連絡先情報: '架空市協働課 000-000-0000 平日'
    });
    expect(row.募集時期).toBe('第1回：令和8年4月13日 8時30分から令和8年5月29日（金）17時00分まで;第2回：令和8年7月1日 8時30分から令和8年7月31日（金）24時まで');
    expect(row.創業年条件).toContain('設立から3年以内であること');
    expect(row.手続書類).toContain('活動のちらし（任意）');
  });

  test('empty where nothing is known, and within the lengths', () => {
    const bare = gifRow(catalogueEdition({ content: sample({ windows: [], eligibility: [], description: '', purpose: 'あ\nい'.repeat(400) }), budget_yen: 0 }), catalogueCity());
    expect([bare.公募開始日, bare.公募終了日, bare.募集時期, bare.予算枠の有無, bare.対象者条件]).toEqual(['', '', '', '', '']);
    expect([...bare.内容]).toHaveLength(500);
    expect(bare.内容).not.toContain('\n');
  });
});

describe('jGrants', () => {
  const files = { guidelines: [], outline: [], forms: [{ name: '交付申請書', url: 'https://portal.example/form.pdf' }] };
  const subsidy = (instant: string) => jgrantsSubsidy(catalogueEdition(), catalogueCity(), files, new Date(instant));

  test('its field names', () => {
    expect(Object.keys(subsidy('2026-05-01T00:00:00Z'))).toEqual([
      'id', 'title', 'subsidy_max_limit', 'acceptance_start_datetime', 'acceptance_end_datetime', 'target_area_search', 'target_industry', 'target_number_of_employees', 'use_purpose', 'application_guidelines', 'outline_of_grant', 'application_form', 'update_datetime'
    ]);
  });

  test.each([['2026-01-01T00:00:00Z', '2026-05-29T08:00:00.000Z'], ['2026-05-29T08:00:00Z', '2026-07-31T15:00:00.000Z'], ['2027-01-01T00:00:00Z', '2026-07-31T15:00:00.000Z']])('at %s the window that ends %s', (now, ends) => {
    expect(subsidy(now).acceptance_end_datetime).toBe(ends);
  });
});

test('any edition has a row', () => {
  fc.assert(fc.property(stored, (content) => {
    const row = gifRow(catalogueEdition({ content }), catalogueCity());
    expect(Object.values(row).every((text) => typeof text === 'string' && !/undefined|NaN|\[object/.test(text))).toBe(true);
    jgrantsSubsidy(catalogueEdition({ content }), catalogueCity(), { guidelines: [], outline: [], forms: [] }, new Date());
  }), { numRuns: 300 });
});
