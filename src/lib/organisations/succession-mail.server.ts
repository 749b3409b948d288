/** Who is told when the office changes a group's people. A mail names the group and the day, never a person or a reason. */
import type { Tx } from '../db/db.server.ts';
import { enqueue } from '../mail/outbox.server.ts';
import { addDays, type Day } from '../time/day.ts';
import { mailAddresses } from './copy.server.ts';

interface About { id: string; organisationId: string; name: string }

/** The address of an account that can still be reached by mail; a disabled one is not written to. */
async function addressOf(tx: Tx, accountId: string): Promise<string | null> {
  const [row] = await tx<{ email: string }[]>`select email from account where id = ${accountId} and disabled_at is null`;
  return row?.email ?? null;
}

const pageOf = (organisationId: string): string => `/my/organisations/${organisationId}`;

/** The former representative, when there was one, and everybody who stays. `to_on` is the former's first day without the right to act. */
export async function tellOfSuccession(tx: Tx, about: About & { effective_on: Day; former: { account_id: string; to_on: Day } | null; today: Day }): Promise<void> {
  const { id, organisationId, name, effective_on, former, today } = about;
  const to = former && (await addressOf(tx, former.account_id));
  if (to) {
    await enqueue(tx, {
      to, template: 'representative_ended', dedupeKey: `succession:${id}:former`,
      data: { organisationName: name, lastOn: former.to_on <= today ? null : addDays(former.to_on, -1) }
    });
  }
  for (const member of await mailAddresses(tx, organisationId)) {
    if (member.account_id === former?.account_id) continue;
    await enqueue(tx, {
      to: member.email, template: 'succession_begun', dedupeKey: `succession:${id}:${member.account_id}`,
      data: { organisationName: name, effectiveOn: effective_on, url: pageOf(organisationId) }
    });
  }
}

/** Everybody who acts for the group now; the former representative is among them when their term goes on. */
export async function tellOfCancelling(tx: Tx, { id, organisationId, name }: About): Promise<void> {
  for (const member of await mailAddresses(tx, organisationId)) {
    await enqueue(tx, {
      to: member.email, template: 'succession_cancelled', dedupeKey: `succession_cancelled:${id}:${member.account_id}`,
      data: { organisationName: name, url: pageOf(organisationId) }
    });
  }
}

/** Whose term ended, and everybody who stays. `to_on`: the first day without the right to act. */
export async function tellOfEnding(tx: Tx, { id, organisationId, name, account, to_on }: About & { account: string; to_on: Day }): Promise<void> {
  const [clock] = await tx<{ today: Day }[]>`select current_date as today`;
  const to = await addressOf(tx, account);
  if (to) {
    await enqueue(tx, {
      to, template: 'membership_ended', dedupeKey: `ending:${id}:ended`,
      data: { organisationName: name, lastOn: to_on <= clock!.today ? null : addDays(to_on, -1) }
    });
  }
  for (const member of await mailAddresses(tx, organisationId)) {
    if (member.account_id === account) continue;
    await enqueue(tx, { to: member.email, template: 'member_ended', dedupeKey: `ending:${id}:${member.account_id}`, data: { organisationName: name, url: pageOf(organisationId) } });
  }
}
