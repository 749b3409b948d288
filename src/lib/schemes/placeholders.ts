/**
 * Places in the texts of letters that are filled from the case: 「{団体名}」. `{{` writes a brace itself; `}` outside a place
 * stands for itself. What is inserted is never read again, so a group called 「{申請額}の会」 stays what it is. Pure.
 */
import { DOCUMENT_KINDS, DOCUMENT_WORDS, type DocumentKind } from './content.ts';

/** Kinds of document that speak of an award already made (or make it themselves). */
const AWARDED: readonly DocumentKind[] = DOCUMENT_KINDS.filter((kind) => kind !== 'application' && kind !== 'rejection');
const SETTLED: readonly DocumentKind[] = ['award_and_settlement', 'settlement', 'payment_request', 'advance_settlement', 'revocation', 'repayment_order'];
const PAID: readonly DocumentKind[] = ['advance_settlement', 'settlement', 'revocation', 'repayment_order'];
const CHANGED: readonly DocumentKind[] = ['change_approval', 'result_report', ...SETTLED];
const REPAID: readonly DocumentKind[] = ['settlement', 'advance_settlement', 'revocation', 'repayment_order'];
const LETTERS: readonly DocumentKind[] = [
  'award', 'rejection', 'award_and_settlement', 'change_approval', 'change_rejection', 'stop_approval', 'settlement', 'revocation', 'repayment_order', 'disposal_approval'
];

interface Known { example: string; kinds: readonly DocumentKind[] }
const everywhere = (example: string): Known => ({ example, kinds: DOCUMENT_KINDS });

/** Every place, an example for the editor's preview, and the documents in which its value is known. */
export const PLACEHOLDERS = {
  団体名: everywhere('花と緑の会（架空）'), 代表者: everywhere('代表　架空 花子'), 団体の所在地: everywhere('本町1丁目（架空）'), 事業名: everywhere('駅前花だんづくり（架空）'),
  受付番号: everywhere('R8-0001'), 申請日: everywhere('令和8年5月10日'), 申請額: everywhere('100,000円'), 補助対象経費: everywhere('200,000円'), 総事業費: everywhere('250,000円'),
  事業開始日: everywhere('令和8年7月1日'), 事業終了日: everywhere('令和9年1月31日'), 完了期限: everywhere('令和9年3月31日'), 年度: everywhere('令和8年度'), 制度名: everywhere('まちづくり支援金（設定例）'), 要綱: everywhere('交付要綱（設定例）'),
  条項: everywhere('第7条第1項'), 市名: everywhere('架空市'), 首長: everywhere('架空市長'), 担当課: everywhere('協働課（設定例）'), 電話: everywhere('000-000-0000'), 受付時間: everywhere('平日 8時30分から17時15分まで'),
  文書番号: { example: '協第12号', kinds: LETTERS }, 通知日: { example: '令和8年6月30日', kinds: LETTERS },
  交付決定額: { example: '100,000円', kinds: AWARDED }, 交付決定日: { example: '令和8年6月30日', kinds: AWARDED }, 交付決定の文書番号: { example: '協第12号', kinds: AWARDED }, 取下期限: { example: '令和8年7月20日', kinds: AWARDED },
  報告期限: { example: '令和9年3月31日', kinds: AWARDED }, 概算払の上限額: { example: '80,000円', kinds: AWARDED },
  変更後の額: { example: '90,000円', kinds: CHANGED }, 確定額: { example: '95,000円', kinds: SETTLED }, 支払済額: { example: '80,000円', kinds: PAID }, 差引支払額: { example: '15,000円', kinds: SETTLED },
  取消額: { example: '100,000円', kinds: ['revocation', 'repayment_order'] }, 返還額: { example: '5,000円', kinds: REPAID }, 返還期限: { example: '令和9年5月31日', kinds: REPAID }
} as const satisfies Record<string, Known>;
export type Placeholder = keyof typeof PLACEHOLDERS;
export type Values = Readonly<Partial<Record<Placeholder, string>>>;

export const isPlaceholder = (name: string): name is Placeholder => Object.hasOwn(PLACEHOLDERS, name);

/** The places whose values are known in this kind of document, for the editor's list. */
export const placeholdersFor = (kind: DocumentKind): Placeholder[] =>
  (Object.keys(PLACEHOLDERS) as Placeholder[]).filter((name) => (PLACEHOLDERS[name].kinds as readonly DocumentKind[]).includes(kind));

export type Part = { text: string } | { placeholder: Placeholder };
/** `position`: the character (code point) the problem begins at, from 1. */
export interface PlaceholderProblem { position: number; message: string }

const LONGEST_NAME = 20;
/** What stands between a brace and its end; a second brace or a new line before the end means that the end was forgotten. */
const OPENED = new RegExp(`^\\{([^{}\\n]{0,${LONGEST_NAME}})\\}`, 'u');
const shorten = (text: string): string => [...text].slice(0, LONGEST_NAME).join('');

/** Takes a text apart. Unknown and unclosed places are told and kept as text, so that a preview can still be shown. */
export function parsePlaceholders(text: string): { parts: Part[]; problems: PlaceholderProblem[] } {
  const parts: Part[] = [];
  const problems: PlaceholderProblem[] = [];
  let plain = '';
  let rest = text;
  let read = 0;
  const take = (length: number, as: string): void => {
    read += [...rest.slice(0, length)].length;
    plain += as;
    rest = rest.slice(length);
  };
  while (rest !== '') {
    const brace = rest.indexOf('{');
    if (brace !== 0) { take(brace < 0 ? rest.length : brace, brace < 0 ? rest : rest.slice(0, brace)); continue; }
    if (rest.startsWith('{{')) { take(2, '{'); continue; }
    const [whole, name = ''] = OPENED.exec(rest) ?? [];
    if (whole === undefined) {
      problems.push({ position: read + 1, message: `${read + 1}文字目の「{」に、閉じる「}」がありません。「{」そのものを書くときは「{{」としてください。` });
      take(1, '{');
    } else if (isPlaceholder(name)) {
      if (plain !== '') parts.push({ text: plain });
      plain = '';
      parts.push({ placeholder: name });
      take(whole.length, '');
    } else {
      problems.push({ position: read + 1, message: `${read + 1}文字目の「{${shorten(name)}}」という差し込みはありません。一覧から選んでください。` });
      take(whole.length, whole);
    }
  }
  if (plain !== '') parts.push({ text: plain });
  return { parts, problems };
}

/** What is wrong with a text in this kind of document, places whose value is not yet known there included. */
export function checkPlaceholders(text: string, kind: DocumentKind): string[] {
  const { parts, problems } = parsePlaceholders(text);
  const known = new Set<string>(placeholdersFor(kind));
  const early = [...new Set(parts.flatMap((part) => ('placeholder' in part && !known.has(part.placeholder) ? [part.placeholder] : [])))];
  return [...problems.map(({ message }) => message), ...early.map((name) => `「{${name}}」は、${DOCUMENT_WORDS[kind]}ではまだ決まっていないので使えません。`)];
}

/** The text with its places filled; refused when the text is broken or a value is missing. '' is a value. */
export function fillPlaceholders(text: string, values: Values): { ok: true; text: string } | { ok: false; problems: string[] } {
  const { parts, problems } = parsePlaceholders(text);
  const missing = [...new Set(parts.flatMap((part) => ('placeholder' in part && values[part.placeholder] === undefined ? [part.placeholder] : [])))];
  if (problems.length > 0 || missing.length > 0) {
    return { ok: false, problems: [...problems.map(({ message }) => message), ...missing.map((name) => `「{${name}}」に入れる値がありません。`)] };
  }
  return { ok: true, text: parts.map((part) => ('text' in part ? part.text : values[part.placeholder])).join('') };
}

/** A text that means itself, whatever braces it holds. */
export const escapeBraces = (text: string): string => text.replaceAll('{', '{{');

/** The values of the editor's preview. */
export const exampleValues = (): Values => Object.fromEntries(Object.entries(PLACEHOLDERS).map(([name, { example }]) => [name, example]));
