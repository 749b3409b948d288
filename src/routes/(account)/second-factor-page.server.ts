/** What the two pages for setting up a second factor share: the offer as the page shows it, and the answer to the form. */
import { fail, type RequestEvent } from '@sveltejs/kit';
import { readCode } from '$lib/accounts/form';
import { makeOffer, openOffer, sealOffer, type Offer } from '$lib/accounts/second-factor-offer.server';
import { setUpSecondStep } from '$lib/accounts/second-step.server';
import { totpUri } from '$lib/accounts/totp.server';
import { answer } from '$lib/accounts/words';
import { sql } from '$lib/db/db.server';
import { nudgeMail } from '$lib/jobs/jobs.server';
import { log } from '$lib/settings/log.server';
import { shownCity } from '$lib/settings/shown.server';
import { qrCode } from '$lib/ui/qr-code.server';
import { enter, refuse } from './request.server';

type Who = { accountId: string; email: string; sessionId: string };

/** The offer for the page: sealed for its form, as a picture for the authenticator, and in letters for typing. */
export async function shownOffer(who: Who, offer: Offer & { secret: string } = newOffer()) {
  const { portal_name } = await shownCity(sql);
  return { sealed: sealOffer(offer, who), qr: qrCode(totpUri(offer.secret, portal_name, who.email)), secret: offer.secret.match(/.{4}/g)!.join(' ') };
}

function newOffer(): Offer & { secret: string } {
  const { secret, ...rest } = makeOffer('set_up');
  if (secret === null) throw new Error('an offer to set up has a secret');
  return { ...rest, secret };
}

/**
 * Takes the form of `SetUp.svelte`: the recovery codes on success (this once), otherwise the same picture again with what
 * was wrong. `kept` goes along with every answer. Whoever is all the way in may put a new authenticator in the old one's place.
 */
export async function takeSetUp<Kept extends object>(event: RequestEvent, who: Who, form: FormData, kept: Kept) {
  const sealed = form.get('_offer');
  const offer = openOffer('set_up', sealed, who);
  const again = { offer: offer?.secret ? await shownOffer(who, { ...offer, secret: offer.secret }) : await shownOffer(who) };
  const read = readCode(form);
  if (!read.ok) return fail(read.status, { ...kept, ...again, problems: read.problems });
  const result = await setUpSecondStep(event.locals.actor, who, { sealed, code: read.value.one_time_code, replaces: event.locals.viewer !== null });
  log('info', { event: 'second_factor_set_up', outcome: result.ok ? 'ok' : result.reason, request: event.locals.requestId });
  if (!result.ok) return refuse(event, answer(result, 'one_time_code'), { ...kept, ...again });
  await enter(event, result);
  nudgeMail();
  return { ...kept, made: { codes: result.codes, at: new Date() } };
}
