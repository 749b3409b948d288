/** A group's dossier as other nouns copy it: what an application, a list or a letter says of a group at one moment. */
import type { Sql } from '../db/db.server.ts';
import * as settings from '../settings/store.server.ts';
import { isCurrent } from './membership.server.ts';
import { kindLabels, missingForApplying, type Kind, type PaperKind } from './organisation.ts';

export interface DossierCopy {
  id: string;
  kind: string;
  kind_word: string;
  corporate_number: string | null;
  name: string;
  name_kana: string;
  representative_title: string;
  representative_name: string;
  postal_code: string;
  address: string;
  phone: string;
  purpose: string;
  founded_on: string | null;
  members_count: number;
  members_living: number;
  members_working: number;
  members_studying: number;
}

export interface DossierPaper { kind: PaperKind; file_id: string; name: string; media_type: string; bytes: number; pages: number | null; sha256: string }

/** The dossier with its current papers, and in words what it lacks before an application can be submitted. Throws for an unknown id. */
export async function copyDossier(sql: Sql, organisationId: string): Promise<{ organisation: DossierCopy; papers: DossierPaper[]; missing: string[] }> {
  const [row] = await sql<Omit<DossierCopy, 'kind_word'>[]>`
    select id, kind, corporate_number, name, name_kana, representative_title, representative_name, postal_code, address, phone,
      purpose, founded_on, members_count, members_living, members_working, members_studying
    from organisation where id = ${organisationId}`;
  if (!row) throw new Error('unknown organisation');
  const { association_word } = await settings.city(sql);
  const papers = await sql<DossierPaper[]>`
    select p.kind, f.id as file_id, f.original_name as name, f.media_type, f.bytes_count as bytes, f.pages, encode(f.sha256, 'hex') as sha256
    from organisation_paper p join stored_file f on f.id = p.file_id
    where p.organisation_id = ${organisationId} and p.replaced_at is null order by p.kind`;
  const missing = missingForApplying({ founded_on: row.founded_on, papers }).map((item) => item.words);
  return { organisation: { ...row, kind_word: kindLabels(association_word)[row.kind as Kind] }, papers, missing };
}

/** E-mail addresses of everybody who acts for the group now: who is told of a receipt, a correction or a result. */
export async function mailAddresses(sql: Sql, organisationId: string): Promise<{ account_id: string; email: string }[]> {
  return sql<{ account_id: string; email: string }[]>`
    select a.id as account_id, a.email from organisation_member m join account a on a.id = m.account_id
    where m.organisation_id = ${organisationId} and a.disabled_at is null
      and ${isCurrent(sql)}
    order by m.role desc, a.id limit 50`;
}
