import { forgetDevices, knownDevice, rememberDevice } from '../../../src/lib/accounts/device.server.ts';
import * as factors from '../../../src/lib/accounts/second-factor.server.ts';
import { makeOffer } from '../../../src/lib/accounts/second-factor-offer.server.ts';
import * as sessions from '../../../src/lib/accounts/session.server.ts';
import { accountForStaff } from '../../../src/lib/accounts/staff.server.ts';
import { cancelTokens, issueToken, readToken } from '../../../src/lib/accounts/token.server.ts';
import { newTotpSecret } from '../../../src/lib/accounts/totp.server.ts';
import { sql, type Tx } from '../../../src/lib/db/db.server.ts';
import { addressOf, ROLES_OF } from '../personas.ts';
import { does, hasSecondFactor, once, type Seen, type Wall } from './seen.ts';

const member = ({ world }: Seen): string => world.people.ids.memberA;
const isTheMember = once(({ persona }) => persona === 'memberA');
const deviceOfMember = (tx: Tx, seen: Seen) => rememberDevice(tx, member(seen), undefined, new Date());

/** What one person has, and what others must not reach in it: made for a member in the transaction of the question. */
export const accountWalls: Wall[] = [
  { name: 'listSessions', call: async (seen) => (await sessions.listSessions(sql, seen.id)).some((row) => row.id === seen.world.otherSession), may: isTheMember },
  { name: 'endOwnSession', call: (seen) => does(seen, undefined, async (tx) => ({ ok: await sessions.endOwnSession(tx, seen.id, seen.world.otherSession) })), may: isTheMember },
  { name: 'passSecondStep', call: (seen) => does(seen, undefined, async (tx) => ({ ok: (await sessions.passSecondStep(tx, { accountId: seen.id, sessionId: seen.world.otherSession }, new Date())) !== null })), may: isTheMember },
  { name: 'secondStepAt', call: (seen) => does(seen, undefined, async (tx) => ({ ok: (await sessions.secondStepAt(tx, { accountId: seen.id, sessionId: seen.world.otherSession })) !== null })), may: isTheMember },
  ...(['endOtherSessions', 'endAllSessions'] as const).map((verb): Wall => ({
    name: verb, call: (seen) => does(seen, undefined, async (tx) => {
      await sessions[verb](tx, seen.id, '');
      return { ok: (await tx`select from session where id = ${seen.world.otherSession}`).length === 0 };
    }), may: isTheMember
  })),
  { name: 'knownDevice', call: (seen) => does(seen, undefined, async (tx) => ({ ok: (await knownDevice(tx, seen.id, await deviceOfMember(tx, seen), new Date())) !== null })), may: isTheMember },
  { name: 'forgetDevices', call: (seen) => does(seen, undefined, async (tx) => {
    const secret = await deviceOfMember(tx, seen);
    await forgetDevices(tx, seen.id);
    return { ok: (await knownDevice(tx, member(seen), secret, new Date())) === null };
  }), may: isTheMember },
  { name: 'cancelTokens', call: (seen) => does(seen, undefined, async (tx) => {
    const { token } = await issueToken(tx, 'reset', { email: addressOf('memberA'), accountId: member(seen) }, new Date());
    await cancelTokens(tx, seen.id, new Date());
    return { ok: (await readToken(tx, 'reset', token, new Date())) === null };
  }), may: isTheMember },
  { name: "accountForStaff with another's roles", call: async (seen) => (await accountForStaff(sql, seen.id))!.roles.some(({ role }) => !(ROLES_OF[seen.persona] ?? []).includes(role)), may: once(() => false) }
];

/** A second factor for the member, an hour old. */
async function factorOfMember(tx: Tx, seen: Seen) {
  const offer = { ...makeOffer('set_up', new Date(Date.now() - 3_600_000)), secret: newTotpSecret() };
  await factors.enrol(tx, member(seen), offer, 0, new Date());
  return offer;
}

const sealedOfMember = async (tx: Tx, seen: Seen) => (await factors.totpSecret(tx, member(seen)))!;

/** Whether the member's second factor or its codes are no longer what they were. */
async function isTouched(tx: Tx, seen: Seen, { madeAt, codes }: { madeAt: Date; codes: string[] }): Promise<boolean> {
  const [factor] = await tx<{ codes_made_at: Date; codes: number }[]>`
    select f.codes_made_at, (select count(*)::int from recovery_code c where c.account_id = f.account_id) as codes from second_factor f where f.account_id = ${member(seen)}`;
  return !factor || factor.codes_made_at.getTime() !== madeAt.getTime() || factor.codes !== codes.length;
}

export const secondFactorWalls: Wall[] = [
  { name: 'secondFactor', call: async (seen) => (await factors.secondFactor(sql, seen.id)) !== null, may: once(hasSecondFactor) },
  { name: 'totpSecret', call: async (seen) => (await factors.totpSecret(sql, seen.id)) !== null, may: once(hasSecondFactor) },
  { name: 'spendStep', call: (seen) => does(seen, undefined, async (tx) => { await factorOfMember(tx, seen); return { ok: await factors.spendStep(tx, seen.id, 99, await sealedOfMember(tx, seen)) }; }), may: isTheMember },
  { name: 'spendRecoveryCode', call: (seen) => does(seen, undefined, async (tx) => ({ ok: await factors.spendRecoveryCode(tx, seen.id, (await factorOfMember(tx, seen)).codes[0]!, new Date()) })), may: isTheMember },
  { name: 'renewCodes', call: (seen) => does(seen, undefined, (tx) => factors.renewCodes(tx, seen.id, makeOffer('codes'), new Date())), may: once(hasSecondFactor) },
  { name: "renewCodes with the member's own", call: (seen) => does(seen, undefined, async (tx) => factors.renewCodes(tx, seen.id, await factorOfMember(tx, seen), new Date())), may: isTheMember },
  { name: "renewCodes, and the member's change", call: (seen) => does(seen, undefined, async (tx) => {
    const offer = await factorOfMember(tx, seen);
    await factors.renewCodes(tx, seen.id, makeOffer('codes'), new Date());
    return { ok: await isTouched(tx, seen, offer) };
  }), may: isTheMember },
  { name: 'turnOff', call: (seen) => does(seen, undefined, (tx) => factors.turnOff(tx, seen.id, new Date())), may: once(hasSecondFactor) },
  { name: "remove by turnOff, and the member's is gone", call: (seen) => does(seen, undefined, async (tx) => {
    const offer = await factorOfMember(tx, seen);
    await factors.turnOff(tx, seen.id, new Date());
    return { ok: await isTouched(tx, seen, offer) };
  }), may: isTheMember }
];
