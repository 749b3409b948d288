import { transaction } from '../db/db.server.ts';
import { log } from '../settings/log.server.ts';
import type { Send, Sent } from './send.server.ts';

/**
 * Carries mails from the outbox to the mail server. Each is claimed in one short transaction, sent outside of any,
 * and marked in another: a crash in between sends it again with the same Message-ID, and never loses it.
 */

const MAILER = { name: 'system:mail' } as const;
/** The pause doubles from here to the longest; a claimed mail is left alone at least this long (see MAX_SEND_MS). */
export const FIRST_PAUSE_MINUTES = 1;
export const LONGEST_PAUSE_MINUTES = 360;
/** About two days. */
export const MAX_ATTEMPTS = 16;
/** A run ends after this long, within the time its job may take (`RUN_SECONDS` in jobs); the next one goes on. */
const MAX_RUN_MS = 120_000;

type Claimed = {
  id: string; dedupe_key: string; to_address: string; subject: string; body: string; attempts: number;
  sender_name: string; sender_address: string;
};
export type Delivery = { sent: number; failed: number; expired: number };

/** Sends what is due. Stops at the first sign that the mail server is away: the next run tries again. */
export async function deliver(send: Send, signal?: AbortSignal): Promise<Delivery> {
  const result: Delivery = { sent: 0, failed: 0, expired: await forgetExpired() };
  const started = performance.now();
  while (performance.now() - started < MAX_RUN_MS && !signal?.aborted) {
    const mail = await claim();
    if (!mail) break;
    const outcome = await send({ to: mail.to_address, subject: mail.subject, body: mail.body, dedupeKey: mail.dedupe_key },
      { name: mail.sender_name, address: mail.sender_address });
    await mark(mail, outcome);
    if (outcome.ok) result.sent += 1;
    else result.failed += 1;
    if (!outcome.ok && outcome.reason === 'away') break;
  }
  if (result.sent + result.failed + result.expired > 0) log(result.failed > 0 ? 'warning' : 'info', { event: 'mail.delivery', ...result });
  return result;
}

/** Secret links are not kept longer than they work, sent or not. Runs also where no mail is ever sent. */
export async function forgetExpired(): Promise<number> {
  return transaction(MAILER, async (tx) => {
    const rows = await tx`
      update mail_outbox set body = null,
        gave_up_at = case when sent_at is null then coalesce(gave_up_at, now()) end,
        last_error = case when sent_at is null and gave_up_at is null then coalesce(last_error, 'リンクの期限が過ぎたため送りませんでした') else last_error end
      where secret_until <= now() and body is not null returning id`;
    return rows.length;
  });
}

/** Takes one due mail; until its next time nobody else will, even when this process dies. */
async function claim(): Promise<Claimed | undefined> {
  return transaction(MAILER, async (tx) => {
    const [row] = await tx<Claimed[]>`
      update mail_outbox m set attempts = attempts + 1,
        next_attempt_at = now() + make_interval(mins => least(${LONGEST_PAUSE_MINUTES}::int, ${FIRST_PAUSE_MINUTES}::int * (2 ^ least(attempts, 20))::int))
      from city_settings c
      where m.id = (
        select id from mail_outbox
        where sent_at is null and gave_up_at is null and next_attempt_at <= now() and (secret_until is null or secret_until > now())
        order by next_attempt_at limit 1 for update skip locked)
      returning m.id, m.dedupe_key, m.to_address, m.subject, m.body, m.attempts,
        c.mail_sender_name as sender_name, c.mail_sender_address as sender_address`;
    return row;
  });
}

async function mark(mail: Claimed, outcome: Sent): Promise<void> {
  await transaction(MAILER, async (tx) => {
    if (outcome.ok) {
      await tx`
        update mail_outbox set sent_at = now(), last_error = null, body = case when secret_until is null then body end
        where id = ${mail.id} and sent_at is null and gave_up_at is null`;
      return;
    }
    const gives_up = outcome.reason === 'refused' || mail.attempts >= MAX_ATTEMPTS;
    await tx`
      update mail_outbox set last_error = ${outcome.error}, gave_up_at = case when ${gives_up} then now() end
      where id = ${mail.id} and sent_at is null and gave_up_at is null`;
  });
}
