/**
 * A second factor on its way to being set up: shown on a page, sealed in a hidden field of its form, and in the database
 * only once it is taken. So opening the page changes nothing, a mistyped code shows the same picture again, and a form
 * sent twice sets up the same thing twice. Bound to the person's session, and over after half an hour.
 */
import { seal, unseal } from '../settings/sealing.server.ts';
import { newRecoveryCodes } from './recovery-code.server.ts';
import { newTotpSecret } from './totp.server.ts';

export const OFFER_LIFE_MS = 30 * 60_000;

/** `secret` null: new recovery codes alone. */
export type Offer = { secret: string | null; codes: string[]; madeAt: Date };
type Kind = 'set_up' | 'codes';
type Who = { accountId: string; sessionId: string };

export function makeOffer(kind: Kind, now = new Date()): Offer {
  return { secret: kind === 'set_up' ? newTotpSecret() : null, codes: newRecoveryCodes(), madeAt: now };
}

export function sealOffer(offer: Offer, who: Who): string {
  const kind = offer.secret === null ? 'codes' : 'set_up';
  return seal(JSON.stringify([offer.madeAt.getTime(), offer.secret, ...offer.codes]), contextOf(kind, who));
}

/** The offer a form brings back; null when it is another person's, another session's, changed or too old. */
export function openOffer(kind: Kind, sealed: FormDataEntryValue | null, who: Who, now = new Date()): Offer | null {
  const text = typeof sealed === 'string' ? unseal(sealed, contextOf(kind, who)) : null;
  if (text === null) return null;
  // Nobody but this file can have sealed it: its shape is known.
  const [madeAt, secret, ...codes] = JSON.parse(text) as [number, string | null, ...string[]];
  return now.getTime() - madeAt > OFFER_LIFE_MS ? null : { secret, codes, madeAt: new Date(madeAt) };
}

const contextOf = (kind: Kind, { accountId, sessionId }: Who): string => `second-factor.offer:${kind}:${accountId}:${sessionId}`;
