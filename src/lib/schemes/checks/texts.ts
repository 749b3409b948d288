/** What people read: names, documents with their articles, and the texts of letters. Pure. */
import { valuesOf } from '../../formulas/needs.ts';
import { DOCUMENT_KINDS, DOCUMENT_WORDS, type DocumentKind, type EditionContent, type Route } from '../content.ts';
import { finding, type Finding } from '../place.ts';
import { checkPlaceholders } from '../placeholders.ts';
import type { Topic } from './about.ts';

/** Texts that may hold placeholders. */
export function letterTexts(content: EditionContent): { at: string; kind: DocumentKind; text: string }[] {
  return DOCUMENT_KINDS.flatMap((kind) => {
    const wording = content.letters[kind];
    const title = content.documents[kind]?.title;
    return [
      ...(title === undefined ? [] : [{ at: `documents.${kind}.title`, kind, text: title }]),
      ...(wording === undefined ? [] : [
        { at: `letters.${kind}.opening`, kind, text: wording.opening },
        ...wording.conditions.map((text, index) => ({ at: `letters.${kind}.conditions.${index}`, kind, text })),
        ...wording.notices.map((text, index) => ({ at: `letters.${kind}.notices.${index}`, kind, text }))
      ])
    ];
  });
}

const placeholders = (content: EditionContent): Finding[] =>
  letterTexts(content).flatMap(({ at, kind, text }) => checkPlaceholders(text, kind).map((message) => finding(content, at, message)));

const NEEDED = ['name', 'summary', 'purpose', 'legal_basis', 'how_judged'] as const;

/** Documents without which a decision can't be told, by the way the edition takes. */
const OF_ROUTE: Record<Route, readonly DocumentKind[]> = {
  ordinary: ['application', 'award', 'rejection', 'result_report', 'settlement'], short: ['application', 'award_and_settlement', 'rejection']
};
/** Documents that most awards never need, but some will. */
const LATER: readonly DocumentKind[] = ['withdrawal', 'change_request', 'change_approval', 'change_rejection', 'stop_request', 'stop_approval', 'payment_request', 'revocation', 'repayment_order'];

/** Kinds of document the edition's own settings ask for. */
export function neededDocuments(content: EditionContent): DocumentKind[] {
  const { after } = content;
  const routes = [...new Set(valuesOf(content.route))];
  return [...new Set([
    ...routes.flatMap((route) => OF_ROUTE[route]), ...(after.start_report ? ['start' as const] : []), ...(after.progress_report ? ['progress_report' as const] : []),
    ...(after.advance === null ? [] : ['advance_request' as const, 'advance_settlement' as const])
  ])];
}

function documents(content: EditionContent): Finding[] {
  return neededDocuments(content).flatMap((kind) => {
    const rule = content.documents[kind];
    if (rule === undefined) return [finding(content, `documents.${kind}`, `${DOCUMENT_WORDS[kind]}の様式番号と根拠の条項を決めてください。`)];
    return rule.article === '' ? [finding(content, `documents.${kind}.article`, `${DOCUMENT_WORDS[kind]}の根拠の条項を入力してください。`)] : [];
  });
}

function laterDocuments(content: EditionContent): Finding[] {
  const assets = content.after.asset_from_yen === null ? [] : ['disposal_request' as const, 'disposal_approval' as const];
  const later = valuesOf(content.route).includes('ordinary') ? [...LATER, ...assets] : assets;
  const absent = later.filter((kind) => content.documents[kind] === undefined);
  const numberless = DOCUMENT_KINDS.filter((kind) => content.documents[kind]?.form_number === '');
  return [
    ...(absent.length === 0 ? [] : [finding(content, 'documents', `次の様式の番号と条項がまだありません：${absent.map((kind) => DOCUMENT_WORDS[kind]).join('、')}`)]),
    ...numberless.map((kind) => finding(content, `documents.${kind}.form_number`, `${DOCUMENT_WORDS[kind]}の様式番号が空です。市に番号がなければ、このままでかまいません。`))
  ];
}

const EXAMPLE = /設定例|架空/;
/** Named one by one up to here; the rest is counted. */
const EXAMPLES_NAMED = 12;

function textsIn(value: unknown, at: string): { at: string; text: string }[] {
  if (typeof value === 'string') return [{ at, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => textsIn(child, at === '' ? key : `${at}.${key}`));
}

/** Words that mark an example value: to be gone before the portal is used in earnest. */
function examples(content: EditionContent): Finding[] {
  const places = textsIn(content, '').filter(({ text }) => EXAMPLE.test(text)).map(({ at }) => at);
  const named = places.slice(0, EXAMPLES_NAMED).map((at) => finding(content, at, '「設定例」「架空」の語が残っています。市の決まりを確かめて、置き換えてください。'));
  return places.length <= EXAMPLES_NAMED ? named : [...named, finding(content, '', `「設定例」「架空」の語が、ほかに${places.length - EXAMPLES_NAMED}か所に残っています。`)];
}

export const texts: Topic = {
  errors: placeholders,
  missing: (content) => [...NEEDED.flatMap((name) => (content[name] === '' ? [finding(content, name, '入力してください。')] : [])), ...documents(content)],
  warnings: (content) => [
    ...(content.description === '' ? [finding(content, 'description', '空なので、公開する制度一覧の「内容」が空になります。')] : []), ...laterDocuments(content), ...examples(content)
  ]
};
