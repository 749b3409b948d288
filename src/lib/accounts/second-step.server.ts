/**
 * The second step of a log-in (AN-7, AN-8), and setting it up. As with passwords, an attempt is counted before it is
 * judged and in a transaction of its own, so that what is refused has been counted.
 */
import * as audit from '../audit/audit.server.ts';
import { sql, transaction, type Actor } from '../db/db.server.ts';
import type { Halfway } from './account.ts';
import * as factors from './second-factor.server.ts';
import { openOffer, type Offer } from './second-factor-offer.server.ts';
import { hashSecret } from './secret.server.ts';
import * as sessions from './session.server.ts';
import { counter, take, type Throttled } from './throttle.server.ts';
import { matchingStep } from './totp.server.ts';

type Who = { accountId: string; sessionId: string };
/** What the person brings: a code of the authenticator, or one from paper. */
export type Given = { one_time_code: string } | { recovery_code: string };

export type SecondStepRefusal =
  | { ok: false; reason: 'wrong_code' | 'wrong_recovery_code' }
  /** Too many failures in a row: only a recovery code or an administrator helps. */
  | { ok: false; reason: 'code_closed' }
  /** The session, or what was to be proved, has ended meanwhile. */
  | { ok: false; reason: 'over' }
  | Throttled;

/** Makes the second step: the session goes on under a new id, with everything the person may do. */
export async function passSecondStep(actor: Actor, who: Halfway, given: Given, now = new Date()): Promise<{ ok: true; session: string } | SecondStepRefusal> {
  const own: Actor = { ...actor, name: `account:${who.accountId}` };
  const counters = 'recovery_code' in given ? [counter('recovery', who.accountId)] : [counter('secondStep', who.accountId), counter('secondStepStreak', who.accountId)];
  const taken = await transaction(own, (tx) => take(tx, counters, now));
  if (!taken.ok) return taken.reason === 'throttled' ? taken : { ok: false, reason: 'code_closed' };
  const factor = await factors.totpSecret(sql, who.accountId);
  if (!factor) return { ok: false, reason: 'over' };
  const step = 'one_time_code' in given ? matchingStep(factor.secret, given.one_time_code, now) : null;
  if ('one_time_code' in given && step === null) return { ok: false, reason: 'wrong_code' };

  return transaction(own, async (tx) => {
    const spent = 'recovery_code' in given ? await factors.spendRecoveryCode(tx, who.accountId, given.recovery_code, now) : await factors.spendStep(tx, who.accountId, step!, factor);
    if (!spent) return { ok: false as const, reason: 'recovery_code' in given ? 'wrong_recovery_code' as const : 'wrong_code' as const };
    const session = await sessions.passSecondStep(tx, who, now);
    if (!session) return { ok: false as const, reason: 'over' as const };
    await factors.forgetGuesses(tx, who.accountId);
    await audit.record(tx, { action: 'account.second_step', subject: ['account', who.accountId], after: { method: 'recovery_code' in given ? 'recovery_code' : 'totp' } });
    return { ok: true as const, session };
  });
}

export type SetUpRefusal = { ok: false; reason: 'wrong_code' | 'offer_over' | 'already' | 'over' };

/**
 * Sets up the second factor that `sealed` offers, once a code proves that the authenticator has it; that counts as the
 * second step of this session, and the others end. The code guards nothing yet, so guesses are not counted.
 * `replaces`: takes the place of one there is; only for a session that has made its second step.
 */
export async function setUpSecondStep(actor: Actor, who: Who, value: { sealed: FormDataEntryValue | null; code: string; replaces?: boolean }, now = new Date()): Promise<
  { ok: true; session: string; codes: string[] } | SetUpRefusal
> {
  const offer = openOffer('set_up', value.sealed, who, now);
  if (!isWhole(offer)) return { ok: false, reason: 'offer_over' };
  const step = matchingStep(offer.secret, value.code, now);
  if (step === null) return { ok: false, reason: 'wrong_code' };
  return transaction({ ...actor, name: `account:${who.accountId}` }, async (tx) => {
    const session = await sessions.passSecondStep(tx, who, now);
    if (!session) return { ok: false as const, reason: 'over' as const };
    await sessions.endOtherSessions(tx, who.accountId, hashSecret(session));
    const enrolled = await factors.enrol(tx, who.accountId, offer, step, now, value.replaces);
    return enrolled.ok ? { ok: true as const, session, codes: offer.codes } : enrolled;
  });
}

const isWhole = (offer: Offer | null): offer is Offer & { secret: string } => offer !== null && offer.secret !== null;

/** New recovery codes for the offered ones' place. */
export async function renewRecoveryCodes(actor: Actor, who: Who, sealed: FormDataEntryValue | null, now = new Date()): Promise<{ ok: true; codes: string[] } | { ok: false; reason: 'offer_over' }> {
  const offer = openOffer('codes', sealed, who, now);
  if (!offer) return { ok: false, reason: 'offer_over' };
  const renewed = await transaction(actor, (tx) => factors.renewCodes(tx, who.accountId, offer, now));
  return renewed.ok ? { ok: true, codes: offer.codes } : renewed;
}

/** Goes without a second step from now on; refused where it is required. Other sessions end. */
export async function turnOffSecondStep(actor: Actor, who: Who, required: boolean, now = new Date()): Promise<{ ok: true } | { ok: false; reason: 'required' | 'missing' }> {
  if (required) return { ok: false, reason: 'required' };
  return transaction(actor, async (tx) => {
    await sessions.endOtherSessions(tx, who.accountId, who.sessionId);
    return factors.turnOff(tx, who.accountId, now);
  });
}
