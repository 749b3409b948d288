import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ask, encode, multipart, type Answer, type Fields } from './ask.ts';
import { REAL_DOSSIER } from './bodies.ts';
import { addressOf } from './personas.ts';
import { hasBuild } from './portal.ts';
import { stand, tamper } from './stand.ts';
import { PASSWORD } from './world/people.ts';

const TYPED = '打ちかけの文章';
const statuses = (answers: Answer[]) => [...new Set(answers.map(({ status, headers }) => `${status} ${headers.location ?? ''}`))];

describe.skipIf(!hasBuild())('twice, too late, from before', () => {
  const here = stand('twice');
  const fifty = (persona: 'memberA' | 'representativeA' | 'officer' | 'approver' | 'visitor' | 'panel', path: string, fields: Fields) => {
    const keyed = { ...fields, _key: randomUUID() };
    return Promise.all(Array.from({ length: 50 }, () => here.post(persona, path, keyed)));
  };
  const count = async (rows: Promise<{ n: number }[]>) => (await rows)[0]!.n;

  test('50 identical posts of one form have one effect and one answer', { timeout: 60_000 }, async () => {
    const { cases, groups, editions } = here.world;
    const { owner } = here;
    const submitted = await fifty('representativeA', `/my/applications/${cases['A.draft'].id}/check`, { seen: here.world.seenMarks['A.draft']! });
    expect(statuses(submitted)).toEqual([`303 /my/applications/${cases['A.draft'].id}/receipt`]);
    expect(await count(owner`select count(*)::int as n from submission where application_id = ${cases['A.draft'].id}`)).toBe(1);
    expect(await count(owner`select count(*)::int as n from mail_outbox where template = 'application_receipt' and body like ${`%${cases['A.draft'].id}%`}`)).toBe(3);

    const drafted = await fifty('officer', `/office/applications/${cases['B.accepted'].id}/proposal`, { submission: cases['B.accepted'].submission!, outcome: 'partly_adopted', amount: '1000', reason: '理由', conditions: '' });
    expect(statuses(drafted)).toEqual([`303 /office/applications/${cases['B.accepted'].id}/proposal`]);
    expect(await count(owner`select count(*)::int as n from award_proposal where application_id = ${cases['B.accepted'].id}`)).toBe(1);

    const before = await count(owner`select committed_yen::int as n from edition_budget where edition_id = ${editions.now.id}`);
    const { proposal, seenHash, id } = cases['B.proposed'];
    const approved = await fifty('approver', `/office/decisions/${proposal}`, { decision: 'approve', seen: seenHash!, comment: '' });
    expect(statuses(approved)).toHaveLength(1);
    expect(approved[0]!.status).toBe(303);
    const granted = await count(owner`select amount_yen::int as n from award where application_id = ${id}`);
    expect(await count(owner`select committed_yen::int as n from edition_budget where edition_id = ${editions.now.id}`)).toBe(before + granted);

    await fifty('representativeA', `/my/organisations/${groups.A.id}/members?/invite`, { email: 'nikai@kanaria.example', role: 'member' });
    expect(await count(owner`select count(*)::int as n from organisation_invitation where email = 'nikai@kanaria.example'`)).toBe(1);
    await fifty('memberA', `/my/applications/new?edition=${editions.now.id}`, { organisation: groups.A.id, edition: editions.now.id });
    expect(await count(owner`select count(*)::int as n from application where created_by = ${here.world.people.ids.memberA}`)).toBe(1);
    await fifty('visitor', '/sign-up', { email: 'nikai@kanaria.example' });
    expect(await count(owner`select count(*)::int as n from mail_outbox where to_address = 'nikai@kanaria.example' and template like 'sign_up%'`)).toBe(1);
  });

  test('a key somebody else used is no way to their answer, and no error of ours', async () => {
    const fields = { _key: randomUUID() };
    const form = `/my/applications/new?edition=${here.world.editions.now.id}`;
    const first = await here.post('representativeB', form, { ...fields, organisation: here.world.groups.B.id, edition: here.world.editions.now.id });
    expect(first.status).toBe(303);
    const second = await here.post('representativeA', form, { ...fields, organisation: here.world.groups.B.id, edition: here.world.editions.now.id });
    expect(second.status).toBeGreaterThanOrEqual(400);
    expect(second.status).toBeLessThan(500);
    expect(second.text).not.toContain(first.headers.location!.split('/').at(-1)!);
  });

  test('a form made from what is no longer there is refused with everything typed', async () => {
    const { cases, groups, editions } = here.world;
    const stale = async (persona: 'representativeB' | 'officer' | 'approver' | 'administrator' | 'panel', path: string, fields: Fields) => {
      const before = await here.stored();
      const { status, text } = await here.post(persona, path, { ...fields, _key: randomUUID() });
      expect(`${path}: ${status}`).toBe(`${path}: 409`);
      expect(text).toContain(TYPED);
      expect(await here.stored()).toBe(before);
    };
    await stale('representativeB', `/my/applications/${cases['B.draft'].id}/project`, { title: '題', purpose: TYPED, content: '', effect: '', continuity: '', _version: '77' });
    await stale('representativeB', `/my/applications/${cases['B.draft'].id}/budget`, { 'income.0.category_id': editions.now.categories.find((one) => one.side === 'income' && !one.is_grant)!.id, 'income.0.item': TYPED, 'income.0.amount_yen': '1', 'income.0.basis': '', requested: '', _version: '77' });
    await stale('representativeB', `/my/organisations/${groups.B.id}/edit`, { ...REAL_DOSSIER, purpose: TYPED, version: '77' });
    await stale('officer', `/office/applications/${cases['B.submitted'].id}/screening`, { [`result_${editions.now.requirements[0]!.id}`]: 'unclear', [`reason_${editions.now.requirements[0]!.id}`]: TYPED, _seen: '0'.repeat(64) });
    await stale('officer', `/office/applications/${cases['B.submitted'].id}/dismissal`, { reason: TYPED, _seen: randomUUID() });
    await stale('approver', `/office/decisions/${cases['A.proposed'].proposal}`, { decision: 'return', seen: '0'.repeat(64), comment: TYPED });
    await stale('panel', `/panel/${cases['A.accepted'].assignments.panel}/score`, { ...Object.fromEntries(editions.now.criteria.flatMap(({ id }) => [[`points_${id}`, '1'], [`reason_${id}`, '理由']])), comment: TYPED, step: 'save', _version: '77' });
  });

  test('the session ends in the middle: log in again, go on, nothing is lost', async () => {
    const path = `/my/applications/${here.world.cases['B.draft'].id}/project`;
    const typed = { title: '題', purpose: `${TYPED}\n二行目 <&"'> 𠮷`, content: '', effect: '', continuity: '', _version: '1', _key: randomUUID() };
    const expired = await ask(here.portal.origin, { method: 'POST', path, cookie: `sid=${'x'.repeat(43)}`, body: encode(typed) });
    expect(expired.status).toBe(401);
    expect(expired.text).toContain(TYPED);
    const login = { ...hiddenIn(expired.text), email: addressOf('representativeB'), password: PASSWORD };
    const again = await ask(here.portal.origin, { method: 'POST', path: '/login', ...multipart(login) });
    expect(again.status).toBe(200);
    const cookie = [again.headers['set-cookie'] ?? []].flat().map((one) => one.split(';')[0]).join('; ');
    const resumed = hiddenIn(again.text);
    expect(resumed.purpose).toBe(typed.purpose);
    expect(again.text).toContain(`action="${path}"`);
    const saved = await ask(here.portal.origin, { method: 'POST', path, cookie, ...multipart(resumed) });
    expect(saved.status, saved.text.slice(0, 300)).toBe(303);
    const [row] = await here.owner<{ purpose: string }[]>`select content->>'purpose' as purpose from application_section where application_id = ${here.world.cases['B.draft'].id} and section = 'project'`;
    expect(row!.purpose).toBe(typed.purpose);
  });

  test('after the window has closed nothing is taken, and what was written stays', async () => {
    const { cases, groups, editions } = here.world;
    await tamper(here.owner, (tx) => tx`update scheme_edition set closes_at = now() - interval '1 second' where id = ${editions.now.id}`);
    const late = await here.post('representativeB', `/my/applications/${cases['B.draft'].id}/check`, { seen: here.world.seenMarks['B.draft']!, _key: randomUUID() });
    expect(late.status).toBe(409);
    expect(late.text).toContain('入力した内容はすべて保存されています');
    const [row] = await here.owner`select submitted_at, receipt_number from application where id = ${cases['B.draft'].id}`;
    expect(row).toEqual({ submitted_at: null, receipt_number: null });
    expect((await here.post('representativeB', `/my/applications/new?edition=${editions.now.id}`, { organisation: groups.B.id, edition: editions.now.id })).status).toBe(409);
  });

  test('files that lie about what they are stay outside', { timeout: 60_000 }, async () => {
    const { id, paper } = here.world.cases['B.correction'];
    const draft = here.world.cases['B.draft'];
    const lies: [name: string, type: string, bytes: Buffer][] = [
      ['会則.pdf', 'application/pdf', Buffer.from('<html><script>alert(1)</script></html>')], ['写真.jpg', 'image/jpeg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
      ['会則.pdf', 'application/pdf', Buffer.from('PK\x03\x04 zip')], ['会則.pdf', 'application/pdf', Buffer.from('MZ\x90\x00 exe')], ['会則.pdf', 'application/pdf', Buffer.from('%PDF-1.7\nnothing of the kind')],
      ['写真.png', 'image/png', Buffer.from('\x89PNG\r\n\x1a\nnothing', 'latin1')], ['写真.jpg', 'image/jpeg', Buffer.from('\xff\xd8\xff\xe0nothing', 'latin1')], ['会則.svg', 'image/svg+xml', Buffer.from('<svg/>')], ['会則.html', 'text/html', Buffer.from('<p>')], ['会則.pdf', 'application/pdf', Buffer.alloc(0)]
    ];
    for (const [name, type, bytes] of lies) {
      const { status, text } = await here.ask('representativeB', { method: 'POST', path: `/my/applications/${draft.id}/papers?/add`, ...multipart({ paper: draft.paper, _key: randomUUID() }, [{ field: 'file', name, type, bytes }]) });
      expect(`${name} ${type}: ${status}`).toBe(`${name} ${type}: 422`);
      expect(text).toMatch(/[ぁ-ん]{2}/);
    }
    const locked = await here.ask('representativeB', { method: 'POST', path: `/my/applications/${id}/papers?/remove`, body: encode({ file: here.world.cases['B.correction'].file, _key: randomUUID() }) });
    expect([locked.status, paper]).toEqual([409, paper]);
  });
});

/** Hidden fields of the last form that posts somewhere, as a browser would read them. */
function hiddenIn(html: string): Record<string, string> {
  const plain = (text: string) => text.replace(/&(?:#(\d+)|(quot|amp|lt|gt));/g, (_, code: string | undefined, name: string) => (code ? String.fromCharCode(Number(code)) : { quot: '"', amp: '&', lt: '<', gt: '>' }[name]!));
  const form = [...html.matchAll(/<form method="post"[^>]*>(.*?)<\/form>/gs)].map((match) => match[1]!).findLast((body) => body.includes('type="hidden"')) ?? '';
  return Object.fromEntries([...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((match) => [plain(match[1]!), plain(match[2]!)]));
}
