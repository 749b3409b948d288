/** Reads the group pages' forms: the dossier, an invitation, the end of a term, a hand-over, a paper. */
import { keptFields } from '../forms/keep.ts';
import { messages, type Problem } from '../forms/problems.ts';
import {
  choice, corporateNumber, day, email, files, integer, kana, multiline, phone, postcode, readForm, text, uuid,
  type ReadForm, type Typed
} from '../forms/read.ts';
import { mailAddress } from '../mail/address.ts';
import { addDays, type Day } from '../time/day.ts';
import {
  DOSSIER_LABELS, KINDS, MEMBER_ROLES, PAPER_KINDS, PAPER_LABELS, membersFit, membersInCity,
  type DossierValue, type MemberRole, type PaperKind
} from './organisation.ts';

export type Parsed<V> = { ok: true; value: V } | { ok: false; status: 400 | 413 | 422; values: Typed; problems: Problem[] };

/** Groups older than Meiji's first day have no date on paper either. */
const EARLIEST_FOUNDING: Day = '1868-10-23';
/** A term may be ended ahead of time, but not further than anybody plans. */
const LATEST_END_DAYS = 3 * 366;

const headcount = (field: 'members_count' | 'members_living' | 'members_working' | 'members_studying', min: number) =>
  integer({ label: DOSSIER_LABELS[field], required: true, min, max: 100_000, unit: '人' });

function dossierSpec(today: Day) {
  return {
    kind: choice(KINDS, { label: DOSSIER_LABELS.kind, required: true }),
    corporate_number: corporateNumber({ label: DOSSIER_LABELS.corporate_number }),
    name: text({ label: DOSSIER_LABELS.name, max: 100, required: true }),
    name_kana: kana({ label: DOSSIER_LABELS.name_kana, max: 200, required: true }),
    representative_title: text({ label: DOSSIER_LABELS.representative_title, max: 40, required: true }),
    representative_name: text({ label: DOSSIER_LABELS.representative_name, max: 100, required: true }),
    postal_code: postcode({ label: DOSSIER_LABELS.postal_code, required: true }),
    address: text({ label: DOSSIER_LABELS.address, max: 200, required: true }),
    phone: phone({ label: DOSSIER_LABELS.phone }),
    purpose: multiline({ label: DOSSIER_LABELS.purpose, max: 1000, required: true }),
    founded_on: day({ label: DOSSIER_LABELS.founded_on, min: EARLIEST_FOUNDING, max: today }),
    members_count: headcount('members_count', 1),
    members_living: headcount('members_living', 0),
    members_working: headcount('members_working', 0),
    members_studying: headcount('members_studying', 0),
    district_id: uuid({ label: DOSSIER_LABELS.district_id })
  };
}

/** What the dossier's answers say against each other. Both rules are constraints in the database, too. */
function contradictions(value: DossierValue): Problem[] {
  const problems: Problem[] = [];
  if (value.kind === 'npo' && value.corporate_number === null) {
    problems.push({ field: 'corporate_number', message: CONSTRAINT_PROBLEMS.organisation_npo_number!.message });
  }
  if (!membersFit(value)) {
    problems.push({
      field: 'members_count',
      message: `${DOSSIER_LABELS.members_count}（${value.members_count}人）より、市内に住む人・働く人・通う人の合計（${membersInCity(value)}人）が多くなっています。1人は1か所だけで数えてください。`
    });
  }
  return problems;
}

/** Known constraints and the field that a person puts right. What the forms catch first can still race past them. */
export const CONSTRAINT_PROBLEMS: Readonly<Record<string, Problem>> = {
  organisation_members_within: { field: 'members_count', message: '市内に住む人・働く人・通う人の合計を、会員の数以下にしてください。' },
  organisation_npo_number: { field: 'corporate_number', message: '法人番号を入力してください。NPO法人には13けたの番号があります。' },
  organisation_district_id_fkey: { field: 'district_id', message: messages.notInList(DOSSIER_LABELS.district_id) },
  organisation_member_once: { field: '', message: 'この人は、すでにこの団体の手続きをする人になっています。' },
  organisation_one_representative: { field: 'role', message: 'この団体には、すでに代表者がいます。担当者として加わってください。' },
  representative_succession_once: { field: '', message: 'ほかの職員が、先に代表者の交代を始めました。画面を開き直して確かめてください。' },
  organisation_member_term: { field: 'last_on', message: '最後の日は、始まりの日以後の日を入力してください。' },
  organisation_paper_current: { field: '', message: 'ほかの人が先に書類を登録しました。画面を開き直して確かめてください。' }
};

/** `districts`: ids that may be chosen now, plus the one already stored. */
export function parseDossier(form: FormData, known: { today: Day; districts: readonly string[] }): Parsed<DossierValue & { version: number }> {
  return finish(form, readForm(form, { ...dossierSpec(known.today), version: version() }), (read) => dossierOf(read, known.districts));
}

/** The first form of a group: its dossier and in which role its author acts for it. */
export function parseNewOrganisation(form: FormData, known: { today: Day; districts: readonly string[] }): Parsed<DossierValue & { role: MemberRole }> {
  const read = readForm(form, { ...dossierSpec(known.today), role: choice(MEMBER_ROLES, { label: 'あなたの役割', required: true }) });
  return finish(form, read, (value) => dossierOf(value, known.districts));
}

const version = () => integer({ label: '版', required: true, min: 1, max: 2_147_483_647 });

function dossierOf<V extends Omit<DossierValue, 'phone'> & { phone: string | null }>(read: V, districts: readonly string[]): { value: V & DossierValue; problems: Problem[] } {
  const value = { ...read, phone: read.phone ?? '' };
  const problems = contradictions(value);
  if (value.district_id !== null && !districts.includes(value.district_id)) problems.push(CONSTRAINT_PROBLEMS.organisation_district_id_fkey!);
  return { value, problems };
}

/** Runs the checks that need several answers at once, and keeps what was typed when they complain. */
function finish<V, W>(form: FormData, read: { ok: true; value: V } | Exclude<ReadForm<Record<never, never>>, { ok: true }>, check: (value: V) => { value: W; problems: Problem[] }): Parsed<W> {
  if (!read.ok) return read;
  const { value, problems } = check(read.value);
  if (problems.length === 0) return { ok: true, value };
  return { ok: false, status: 422, values: typedOf(form), problems };
}

/** Exactly what was typed, by input name, for showing a form again that was read well but refused. */
export function typedOf(form: FormData): Record<string, string> {
  return Object.fromEntries(keptFields(form).filter(([name]) => !name.startsWith('_')));
}

export function parseInvitation(form: FormData): Parsed<{ email: string; role: MemberRole }> {
  const label = '招待する人のメールアドレス';
  const read = readForm(form, { email: email({ label, required: true }), role: choice(MEMBER_ROLES, { label: '招待する人の役割', required: true }) });
  return finish(form, read, (value) => ({ value, problems: mailAddress(value.email) ? [] : [{ field: 'email', message: messages.notEmail(label) }] }));
}

export function parseCancellation(form: FormData): Parsed<{ invitation: string }> {
  return readForm(form, { invitation: uuid({ label: '招待', required: true }) });
}

/** `to_on` is the first day without the right to act: today when no day was typed, else the day after the last one. */
export function parseMemberEnd(form: FormData, today: Day): Parsed<{ member: string; to_on: Day }> {
  const read = readForm(form, {
    member: uuid({ label: '手続きを終える人', required: true }),
    last_on: day({ label: '最後の日', min: today, max: addDays(today, LATEST_END_DAYS) })
  });
  if (!read.ok) return read;
  const { member, last_on } = read.value;
  return { ok: true, value: { member, to_on: last_on === null ? today : addDays(last_on, 1) } };
}

/** What the outgoing representative does next: stay as 担当者, or leave the group's business here. */
export const AFTER_HANDOVER = ['stay', 'leave'] as const;
export type AfterHandover = (typeof AFTER_HANDOVER)[number];

export function parseHandover(form: FormData): Parsed<{ successor: string; afterwards: AfterHandover }> {
  return readForm(form, {
    successor: uuid({ label: '次の代表者', required: true }),
    afterwards: choice(AFTER_HANDOVER, { label: '交代した後のあなた', required: true })
  });
}

/** One paper: the file stands under its kind's name, so that each kind's box on the page has its own complaint. */
export function parsePaper(form: FormData): Parsed<{ kind: PaperKind; file: File; replaces: string | null }> {
  const read = readForm(form, {
    kind: choice(PAPER_KINDS, { label: '書類の種類', required: true }),
    replaces: uuid({ label: '今の書類' }),
    rules: files({ label: PAPER_LABELS.rules, max: 1 }),
    member_list: files({ label: PAPER_LABELS.member_list, max: 1 })
  });
  if (!read.ok) return read;
  const { kind, replaces } = read.value;
  const file = read.value[kind][0];
  if (file) return { ok: true, value: { kind, file, replaces } };
  return { ok: false, status: 422, values: { kind }, problems: [{ field: kind, message: `${PAPER_LABELS[kind]}のファイルを選んでください。` }] };
}
