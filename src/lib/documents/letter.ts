import { startOfDay, type Day } from '../time/day.ts';
import { formatWareki } from '../time/wareki.ts';
import { formatYen, formatYenPlain } from '../money/yen.ts';
import type { Block, OfficialDocument } from './document.ts';

/** What every letter of the city shares. All words of a particular city come from the snapshot. */

/** The sender, with the names of `city_settings`. */
export interface CitySnapshot {
  city_name: string;
  /** 市長, or the whole 高萩市長: both print alike. */
  mayor_title: string;
  mayor_name: string;
  section_name: string;
  postal_code: string;
  address: string;
  phone: string;
  office_hours: string;
  /** A line over the letter; '' for none. */
  letterhead: string;
  /** （公印省略）; '' where the seal is put on the paper. */
  seal_omitted_text: string;
}

export interface ReceiverSnapshot { organisation: string; representative_title: string; representative_name: string }

export interface LetterSnapshot {
  city: CitySnapshot;
  /** 様式第2号（第7条関係）. */
  form_number: string;
  /** 環協第12号. */
  document_number: string;
  issued_on: Day;
  receiver: ReceiverSnapshot;
  scheme_name: string;
  fiscal_year: number;
  project_title: string;
  receipt_number: string;
  /** The day the application reached the city. */
  applied_on: Day;
  legal_basis: string;
  /** 第7条第1項. */
  article: string;
  /** Head line while data are invented (「【架空・設定例】…」); null in earnest. */
  demo_mark: string | null;
  /** Sentences after the items: how to object (教示), what comes next. */
  notices: string[];
}

/** 金123,456円, half-width; the layout never breaks it. */
export const amount = (yen: number): string => `金${formatYen(yen)}`;
/** A figure for a money column, whose head says 円. */
export const figure = (yen: number): string => formatYenPlain(yen);

/** 高萩市 + 市長 → 高萩市長; 高萩市 + 高萩市長 → 高萩市長; 東海村 + 村長 → 東海村長. */
export function mayorOffice(city: Pick<CitySnapshot, 'city_name' | 'mayor_title'>): string {
  if (city.mayor_title.startsWith(city.city_name)) return city.mayor_title;
  const last = city.city_name.slice(-1);
  return /[都道府県市区町村]/.test(last) && city.mayor_title.startsWith(last)
    ? city.city_name + city.mayor_title.slice(1) : city.city_name + city.mayor_title;
}

/** 「○○要綱第7条」, whether or not the article already names its rules. */
export const rule = (legalBasis: string, article: string): string =>
  (article.startsWith(legalBasis) ? article : `${legalBasis}${article}`);

/** Form number, document number, date, receiver and sender: the head of every letter. */
export function letterHead(snapshot: LetterSnapshot): Block[] {
  const { city, receiver } = snapshot;
  const sender = [{ text: `${mayorOffice(city)}　${city.mayor_name}` }];
  if (city.seal_omitted_text) sender.push({ text: city.seal_omitted_text });
  return [
    ...(city.letterhead ? [{ type: 'letterhead', text: city.letterhead } as const] : []),
    ...(snapshot.form_number ? [{ type: 'form_number', text: snapshot.form_number } as const] : []),
    { type: 'right', lines: [snapshot.document_number, formatWareki(snapshot.issued_on)] },
    { type: 'addressee', lines: receiverLines(receiver), honorific: '様' },
    { type: 'sender', rows: sender }
  ];
}

const receiverLines = (receiver: ReceiverSnapshot): string[] =>
  [receiver.organisation, `${receiver.representative_title}　${receiver.representative_name}`.trim()].filter((line) => line !== '');

/** Notices and whom to ask: the foot of every letter. */
export function letterFoot(snapshot: LetterSnapshot): Block[] {
  return [
    ...snapshot.notices.map((text): Block => ({ type: 'note', text })),
    contact(snapshot.city)
  ];
}

export function contact(city: CitySnapshot): Block {
  const place = [city.postal_code && `〒${city.postal_code}`, city.address].filter(Boolean).join('　');
  return {
    type: 'contact', title: '問い合わせ先',
    lines: [`${city.city_name}　${city.section_name}`, place, city.phone && `電話　${city.phone}`, city.office_hours && `受付　${city.office_hours}`]
      .filter((line) => line !== '')
  };
}

/** A letter as a document: same snapshot, same content; its creation is the start of the day it bears. */
export function letterDocument(snapshot: LetterSnapshot, title: string, blocks: Block[]): OfficialDocument {
  return {
    schema: 1, title: `${title}（${snapshot.receiver.organisation}）`, author: snapshot.city.city_name,
    subject: `${snapshot.document_number}　${snapshot.project_title}`,
    created_at: startOfDay(snapshot.issued_on).toISOString(),
    demo_mark: snapshot.demo_mark, footer: snapshot.document_number,
    blocks: [...letterHead(snapshot), { type: 'title', text: title }, ...blocks, ...letterFoot(snapshot)]
  };
}
