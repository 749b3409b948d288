import { describe, expect, it } from 'vitest';
import { QUESTIONS, SECTIONS, SECTION_TITLES } from '../applications/application.ts';
import { organisationRows } from '../applications/snapshot.ts';
import { applicationForm } from './application-form.ts';
import { blankForm } from './blank-form.ts';
import { receipt } from './receipt.ts';
import { DEMO_MARK, sampleBlank, sampleCity, sampleSubmission } from './samples.ts';
import type { Block, OfficialDocument } from './document.ts';

const all = <T extends Block['type']>(document: OfficialDocument, type: T): Extract<Block, { type: T }>[] =>
  document.blocks.filter((block): block is Extract<Block, { type: T }> => block.type === type);
const headings = (document: OfficialDocument): string[] => all(document, 'heading').filter((block) => block.level === 1).map((block) => block.text);
const labels = (document: OfficialDocument): string[] => all(document, 'fields').flatMap((block) => block.rows.map((row) => row.label));

describe('交付申請書', () => {
  const form = applicationForm({ city: sampleCity, demo_mark: DEMO_MARK, submission: sampleSubmission });

  it('is addressed to the mayor by the group and its representative', () => {
    expect(all(form, 'addressee')[0]).toMatchObject({ lines: ['見本市長'], honorific: '様' });
    expect(all(form, 'sender')[0]?.rows.map((row) => row.label)).toEqual(['所在地', '団体名', '代表者']);
    expect(all(form, 'title').map((block) => block.text)).toEqual(['令和8年度まちづくり支援金交付申請書', '事業計画書', '収支予算書']);
    expect(all(form, 'right')[0]?.lines).toEqual(['令和8年4月20日']);
    expect(all(form, 'items')[0]?.items.map((item) => item.value)).toEqual([
      '谷あいの灯り　ふるさとまつりと昔あそびの日', '金184,000円', '金368,500円', '令和8年6月15日から令和8年11月30日', '事業計画書、収支予算書、会則、会員名簿、見積書']);
  });

  it('prints every answer under its question, days and figures in words', () => {
    for (const section of sampleSubmission.sections) for (const given of section.answers) expect(labels(form)).toContain(given.label);
    const rows = all(form, 'fields').flatMap((block) => block.rows);
    expect(rows.find((row) => row.label === '事業を始める日')?.value).toBe('令和8年6月15日');
    expect(rows.find((row) => row.label === '参加を見込む人数')?.value).toBe('350人');
    expect(rows.find((row) => row.label === '来年度からの続け方')?.value).toBe('（記入なし）');
  });

  it('shows both sides of the budget with equal sums, and the papers with size and hash', () => {
    const [income, expense, , files] = all(form, 'table');
    expect(income?.totals?.[0]?.[2]).toBe('412,300');
    expect(expense?.totals).toEqual([['計', '', '412,300', '', ''], ['うち補助対象経費', '', '368,500', '', '']]);
    expect(expense?.rows.at(-1)?.[3]).toBe('×');
    expect(files?.rows[0]).toEqual(['会則', '実行委員会会則（令和7年改正）.pdf（4ページ）', '182,344', sampleSubmission.files[0]?.sha256]);
  });

  it('survives an application without answers, lines or papers', () => {
    const bare = applicationForm({ city: sampleCity, demo_mark: null, submission: {
      ...sampleSubmission, sections: [], files: [], budget: { ...sampleSubmission.budget, income: [], expense: [], steps: [] } } });
    expect(all(bare, 'paragraph').at(-1)?.text).toBe('添付書類はありません。');
  });
});

describe('用紙', () => {
  const form = blankForm(sampleBlank);
  it('asks the questions of the screen, in its order and words', () => {
    expect(headings(form)).toEqual(SECTIONS.map((section) => SECTION_TITLES[section]));
    const asked = Object.values(QUESTIONS).flat();
    expect(labels(form).filter((label) => asked.some((question) => question.label === label))).toEqual(asked.map((question) => question.label));
    const rows = all(form, 'fields').flatMap((block) => block.rows);
    for (const question of asked) expect(rows.find((row) => row.label === question.label)?.required).toBe(question.required);
  });
  it('asks for the dossier as the filled form prints it', () => {
    const printed = [...organisationRows({ ...sampleSubmission.organisation, corporate_number: '1234567890123' }).keys()];
    expect(all(form, 'fields')[0]?.rows.map((row) => row.label)).toEqual(printed);
  });
  it('has a box for every requirement and paper', () => {
    expect(all(form, 'list').map((block) => [block.style, block.entries.length])).toEqual([['box', 2], ['box', 3]]);
  });
});

describe('受付票', () => {
  it('says the number, the time, the papers and what comes next', () => {
    const paper = receipt({ city: sampleCity, demo_mark: null, submission: sampleSubmission, next_steps: ['書類の確認'] });
    const rows = all(paper, 'fields')[0]?.rows.map((row) => row.value);
    expect(rows).toEqual(['R8-0007', '令和8年4月20日 10時23分', '最初の提出', '架空地区ふるさとまつり実行委員会', '会長　髙﨑　𠮷子', '谷あいの灯り　ふるさとまつりと昔あそびの日', '金184,000円']);
    expect(all(paper, 'table')[0]?.rows).toHaveLength(3);
    expect(all(paper, 'list')[0]?.entries).toEqual(['書類の確認']);
  });
});
