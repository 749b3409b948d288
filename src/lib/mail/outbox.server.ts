import type { Sql, Tx } from '../db/db.server.ts';
import { publicOrigin } from '../settings/environment.server.ts';
import { mailAddress } from './address.ts';
import { compose, type MailData, type MailTemplate, type Sender } from './templates.ts';

/** Mail is written down together with the event it tells of, and sent after that is committed. */

export type Mail<T extends MailTemplate = MailTemplate> = {
  [K in T]: { to: string; template: K; data: MailData[K]; dedupeKey: string }
}[T];

/**
 * Writes a mail in the caller's transaction; a second one with the same key is not written (answers null).
 * Throws when the address is not one: addresses are checked where they are typed.
 */
export async function enqueue<T extends MailTemplate>(tx: Tx, mail: Mail<T>): Promise<string | null> {
  const { to, template, data, dedupeKey } = mail;
  const address = mailAddress(to);
  if (!address) throw new TypeError('not a mail address');
  const [sender] = await tx<Sender[]>`select portal_name, city_name, section_name, phone, office_hours from city_settings`;
  if (!sender) throw new Error('city_settings has no row');
  const { subject, body, secret_until } = compose(template, data, sender, publicOrigin());
  const [row] = await tx<{ id: string }[]>`
    insert into mail_outbox (dedupe_key, to_address, template, subject, body, secret_until)
    values (${dedupeKey}, ${address}, ${template}, ${subject}, ${body}, ${secret_until})
    on conflict (dedupe_key) do nothing returning id`;
  return row?.id ?? null;
}

export type OutboxRow = {
  id: string;
  /** Null when its time was over and it was erased (old-mails.server.ts). */
  to_address: string | null;
  template: MailTemplate;
  subject: string;
  body: string | null;
  created_at: Date;
  attempts: number;
  next_attempt_at: Date;
  last_error: string | null;
  sent_at: Date | null;
  gave_up_at: Date | null;
};
export type OutboxState = 'waiting' | 'sent' | 'given_up';
export function outboxState(row: Pick<OutboxRow, 'sent_at' | 'gave_up_at'>): OutboxState {
  if (row.sent_at) return 'sent';
  return row.gave_up_at ? 'given_up' : 'waiting';
}

/** Mails, newest first, after the one with the id `before`. Version 7 ids are in the order of their making. */
export async function listOutbox(sql: Sql, { before, limit }: { before?: string | undefined; limit: number }): Promise<OutboxRow[]> {
  return sql<OutboxRow[]>`
    select id, to_address, template, subject, body, created_at, attempts, next_attempt_at, last_error, sent_at, gave_up_at
    from mail_outbox
    ${before ? sql`where id < ${before}` : sql``}
    order by id desc limit ${Math.min(Math.max(limit, 1), 200)}`;
}

export type OutboxCounts = { waiting: number; sent: number; given_up: number; oldest_waiting_at: Date | null };

/** Numbers for the health page. */
export async function countOutbox(sql: Sql): Promise<OutboxCounts> {
  const [row] = await sql<OutboxCounts[]>`
    select count(*) filter (where sent_at is null and gave_up_at is null) as waiting, count(sent_at) as sent, count(gave_up_at) as given_up,
      min(created_at) filter (where sent_at is null and gave_up_at is null) as oldest_waiting_at
    from mail_outbox`;
  return row!;
}

/** Puts a mail that was given up back into the queue; false when it is not one, or its secret link is gone. */
export async function retry(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx`
    update mail_outbox set gave_up_at = null, attempts = 0, next_attempt_at = now()
    where id = ${id} and gave_up_at is not null and body is not null returning id`;
  return rows.length > 0;
}
