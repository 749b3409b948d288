import { describe, expect, test } from 'vitest';
import { hasBuild } from './portal.ts';
import type { Persona } from './personas.ts';
import { stand, tamper } from './stand.ts';

describe.skipIf(!hasBuild())('what was taken away is gone with the next request (AZ-5)', () => {
  const here = stand('revoked');
  const status = async (persona: Persona, path: string) => (await here.ask(persona, { path })).status;

  test('a role', async () => {
    expect(await status('officer', '/office/applications')).toBe(200);
    await tamper(here.owner, (tx) => tx`update staff_role set to_on = current_date where account_id = ${here.world.people.ids.officer}`);
    expect(await status('officer', '/office/applications')).toBe(403);
    expect(await status('officer', '/my')).toBe(200);
  });

  test('a membership, and with it every application and file of the group', async () => {
    const { id, file } = here.world.cases['A.draft'];
    const places = [`/my/applications/${id}`, `/my/applications/${id}/files/${file}`, `/my/organisations/${here.world.groups.A.id}`];
    for (const path of places) expect(await status('memberA', path)).toBe(200);
    await tamper(here.owner, (tx) => tx`update organisation_member set to_on = current_date where id = ${here.world.groups.A.memberId}`);
    for (const path of places) expect(await status('memberA', path)).toBe(404);
  });

  test('an account, with a session that was not ended', async () => {
    expect(await status('auditor', '/office/audit')).toBe(200);
    await tamper(here.owner, (tx) => tx`update account set disabled_at = now() where id = ${here.world.people.ids.auditor}`);
    expect(await status('auditor', '/office/audit')).toBe(303);
  });

  test('a seat on the committee, by an interest declared after the work began', async () => {
    const assignment = here.world.cases['B.accepted'].assignments.panel;
    const places = [`/panel/${assignment}/score`, `/panel/${assignment}/files/${here.world.cases['B.accepted'].file}`];
    for (const path of places) expect(await status('panel', path)).toBe(200);
    const answer = await here.post('panel', `/panel/${assignment}`, { interest: 'conflict', note: '思い出しました。' });
    expect(answer.status).toBe(303);
    expect(await status('panel', places[0]!)).toBe(303);
    expect(await status('panel', places[1]!)).toBe(404);
    expect((await here.ask('panel', { path: `/panel/${assignment}` })).text).not.toContain('kanaria-');
  });

  test('a session, by its owner on another machine', async () => {
    expect(await status('representativeB', '/my')).toBe(200);
    await tamper(here.owner, (tx) => tx`delete from session where account_id = ${here.world.people.ids.representativeB}`);
    expect(await status('representativeB', '/my')).toBe(303);
  });

  test('a value out of the database is no cookie', async () => {
    const rows = await here.owner<{ id: string }[]>`select id from session limit 3`;
    for (const { id } of rows) expect((await here.ask('visitor', { path: '/my', cookie: `sid=${id}` })).status).toBe(303);
  });
});
