import type { Role } from '../../src/lib/accounts/account.ts';

/** Everybody who knocks, by name. What each may see is written in expectations.ts and secrets.ts, nowhere else. */
export const PERSONAS = [
  'visitor', 'representativeA', 'memberA', 'representativeB', 'pastA', 'disabledA',
  'panel', 'panelPeer', 'panelConflict', 'panelUndeclared', 'panelUnassigned',
  'officer', 'officerConflict', 'officerOfA', 'officerStale', 'approver', 'approverDrafter', 'approverStale', 'accountant', 'administrator', 'administratorStale', 'auditor', 'officerPast', 'disabledOfficer', 'officerHalfway', 'officerNew'
] as const;
export type Persona = (typeof PERSONAS)[number];

/** The city's roles of each; people without one are applicants. */
export const ROLES_OF: Partial<Record<Persona, Role[]>> = {
  panel: ['committee'], panelPeer: ['committee'], panelConflict: ['committee'], panelUndeclared: ['committee'], panelUnassigned: ['committee'],
  officer: ['officer'], officerConflict: ['officer', 'committee'], officerOfA: ['officer'], officerStale: ['officer'], approver: ['approver'], approverDrafter: ['officer', 'approver'], approverStale: ['approver'],
  accountant: ['accountant'], administrator: ['administrator'], administratorStale: ['administrator'], auditor: ['auditor'], officerPast: ['officer', 'administrator'], disabledOfficer: ['officer'], officerHalfway: ['officer', 'administrator', 'committee'], officerNew: ['officer', 'administrator', 'committee']
};

/** Whose roles ended today: what they could do yesterday they cannot do now. */
export const ENDED: readonly Persona[] = ['officerPast'];

/** Whose session is old enough that money and identity ask for the password again. */
export const STALE: readonly Persona[] = ['officerStale', 'approverStale', 'administratorStale'];
/** Whose account was stopped while they held a cookie. */
export const DISABLED: readonly Persona[] = ['disabledA', 'disabledOfficer'];
/** Who gave the password and no second step: one has an authenticator, the other has none yet. */
export const HALFWAY: readonly Persona[] = ['officerHalfway', 'officerNew'];
/** Who has no authenticator, though the city asks for one. */
export const UNENROLLED: readonly Persona[] = ['officerNew', ...ENDED];
/** No session counts: nobody is signed in for the portal. */
export const NOBODY: readonly Persona[] = ['visitor', ...DISABLED];

export const SIGNED_IN: readonly Persona[] = PERSONAS.filter((persona) => !NOBODY.includes(persona) && !HALFWAY.includes(persona));
export const MEMBERS_A: readonly Persona[] = ['representativeA', 'memberA', 'officerOfA'];
export const MEMBERS_B: readonly Persona[] = ['representativeB'];
export const COMMITTEE: readonly Persona[] = ['panel', 'panelPeer', 'panelConflict', 'panelUndeclared', 'panelUnassigned', 'officerConflict'];
export const OFFICERS: readonly Persona[] = ['officer', 'officerConflict', 'officerOfA', 'officerStale', 'approverDrafter'];
export const APPROVERS: readonly Persona[] = ['approver', 'approverDrafter', 'approverStale'];
export const ADMINISTRATORS: readonly Persona[] = ['administrator', 'administratorStale'];
export const AUDITORS: readonly Persona[] = ['auditor'];
/** The office that works on applications, and with the cashier everybody who may read them. */
export const OFFICE: readonly Persona[] = [...new Set([...OFFICERS, ...APPROVERS, ...ADMINISTRATORS, ...AUDITORS])];
export const READERS: readonly Persona[] = [...OFFICE, 'accountant'];

/** Who has or had something to do with a group, an application or a decision, so that a record may be theirs or closed to them. */
export const RELATED: readonly Persona[] = [...MEMBERS_A, ...MEMBERS_B, 'pastA', 'panel', 'panelConflict', 'panelUndeclared', 'officerConflict', 'approverDrafter'];

export const addressOf = (persona: Persona): string => `${persona.toLowerCase()}@kanaria.example`;
