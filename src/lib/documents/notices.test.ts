import { describe, expect, it } from 'vitest';
import { awardNotice } from './award-notice.ts';
import { rejectionNotice } from './rejection-notice.ts';
import { amount, mayorOffice, rule } from './letter.ts';
import { sampleAward, sampleCity, samplePartlyAward, sampleRejection } from './samples.ts';
import type { Block, Item, OfficialDocument } from './document.ts';

const find = <T extends Block['type']>(document: OfficialDocument, type: T): Extract<Block, { type: T }> =>
  document.blocks.find((block) => block.type === type) as Extract<Block, { type: T }>;
const item = (document: OfficialDocument, label: string): Item | undefined => find(document, 'items').items.find((one) => one.label === label);
const order = (document: OfficialDocument): string[] => document.blocks.map((block) => block.type);

describe('交付決定通知書', () => {
  const letter = awardNotice(sampleAward);

  it('stands in the order of an official letter', () => {
    expect(order(letter)).toEqual(['form_number', 'right', 'addressee', 'sender', 'title', 'paragraph', 'items', 'contact']);
    expect(find(letter, 'form_number').text).toBe('様式第2号（第7条関係）');
    expect(find(letter, 'right').lines).toEqual(['環協第12号', '令和8年6月1日']);
    expect(find(letter, 'addressee')).toMatchObject({ lines: ['架空地区ふるさとまつり実行委員会', '会長　髙﨑　𠮷子'], honorific: '様' });
    expect(find(letter, 'sender').rows.map((row) => row.text)).toEqual(['見本市長　見本　太郎', '（公印省略）']);
    expect(find(letter, 'title').text).toBe('令和8年度まちづくり支援金交付決定通知書');
  });

  it('says when, under which article and what was decided', () => {
    expect(find(letter, 'paragraph').text).toBe('令和8年4月20日付けで申請のあった令和8年度まちづくり支援金については、'
      + '見本市まちづくり支援金交付要綱第7条第1項の規定により、下記のとおり交付することに決定したので、通知します。');
  });

  it('lists costs, amount, arithmetic, deadline, conditions and payment', () => {
    expect(find(letter, 'items')).toMatchObject({ mark: '記', end: '以上' });
    expect(item(letter, '補助事業に要する経費')?.value).toBe('金412,300円');
    expect(item(letter, '補助対象経費')?.value).toBe('金368,500円');
    expect(item(letter, '交付申請額')?.value).toBe('金184,000円');
    expect(item(letter, '交付決定額')).toMatchObject({ value: '金184,000円', strong: true });
    expect(item(letter, '申請できる額の計算')?.blocks?.[0]).toMatchObject({ type: 'table', rows: [['補助対象経費', '対象になる支出の合計', '368,500'], expect.anything(), expect.anything(), expect.anything()] });
    expect(item(letter, '補助事業の完了期限')?.value).toBe('令和9年2月28日');
    expect(item(letter, '交付の条件')?.blocks?.[0]).toMatchObject({ type: 'list', style: 'paren', entries: sampleAward.conditions });
    expect(item(letter, '支払')?.blocks?.[0]).toMatchObject({ entries: sampleAward.payment_notes });
    expect(item(letter, '一部採択とした理由')).toBeUndefined();
  });

  it('a partial award says so, with the reason', () => {
    const partly = awardNotice(samplePartlyAward);
    expect(find(partly, 'paragraph').text).toContain('申請額の一部を交付する（一部採択）ことに決定した');
    expect(item(partly, '一部採択とした理由')?.value).toBe(samplePartlyAward.reason);
    expect(item(partly, '交付決定額')?.value).toBe('金120,000円');
  });

  it('leaves out what the city leaves empty, and prints its letterhead where there is one', () => {
    const bare = awardNotice({ ...sampleAward, form_number: '', conditions: [], payment_notes: [], arithmetic: [], city: { ...sampleCity, seal_omitted_text: '', letterhead: 'みんなでつくるまち' } });
    expect(order(bare)[0]).toBe('letterhead');
    expect(find(bare, 'sender').rows).toHaveLength(1);
    expect(find(bare, 'items').items.map((one) => one.label)).not.toContain('支払');
  });

  it('is data: it survives JSON, and the same snapshot gives the same content', () => {
    expect(JSON.parse(JSON.stringify(letter))).toEqual(letter);
    expect(awardNotice(structuredClone(sampleAward))).toEqual(letter);
    expect(letter.created_at).toBe('2026-05-31T15:00:00.000Z');
  });

  it('names no city of its own', () => {
    const other = JSON.stringify(awardNotice({ ...sampleAward, city: { ...sampleCity, city_name: '隣町', mayor_title: '町長', address: '' }, legal_basis: '隣町要綱' }));
    expect(other).toContain('隣町長');
    expect(other).not.toMatch(/高萩|見本市/u);
  });
});

describe('不交付決定通知書', () => {
  it('says 不採択 after screening, with reason and notices', () => {
    const letter = rejectionNotice(sampleRejection);
    expect(find(letter, 'paragraph').text).toContain('第7条第2項の規定により、審査の結果、下記のとおり不採択とし、交付しないことに決定した');
    expect(item(letter, '不採択の理由')?.value).toBe(sampleRejection.reason);
    expect(find(letter, 'note').text).toContain('審査請求');
  });
  it('says only 交付しない when the rules refuse', () => {
    const letter = rejectionNotice({ ...sampleRejection, outcome: 'refused' });
    expect(find(letter, 'paragraph').text).toContain('下記のとおり交付しないことに決定した');
    expect(JSON.stringify(letter)).not.toContain('不採択');
    expect(item(letter, '交付しない理由')?.value).toBe(sampleRejection.reason);
  });
});

describe('words', () => {
  it.each([['高萩市', '市長', '高萩市長'], ['高萩市', '高萩市長', '高萩市長'], ['東海村', '村長', '東海村長'], ['見本市', '副市長', '見本市副市長']])('%s + %s', (city_name, mayor_title, office) =>
    expect(mayorOffice({ city_name, mayor_title })).toBe(office));
  it('amounts', () => expect([amount(0), amount(1_234_567)]).toEqual(['金0円', '金1,234,567円']));
  it('articles', () => expect([rule('要綱', '第7条'), rule('要綱', '要綱第7条')]).toEqual(['要綱第7条', '要綱第7条']));
});
