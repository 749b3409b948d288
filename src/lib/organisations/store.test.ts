import { beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../tests/database/harness.ts';
import { sql, transaction } from '../db/db.server.ts';
import { DOSSIER, PDF, as, groupOf, person } from './sample.ts';
import { addPaper, openPaper, paperForOffice, replacePaper } from './papers.server.ts';
import { MAX_GROUPS_PER_ACCOUNT } from './organisation.ts';
import * as organisations from './store.server.ts';

const NOBODY = '019ab000-0000-7000-8000-000000000000';
const JUNK = ['', 'x', "' or true --", '019ab000', '../../etc', '\u0000'];
let database: FreshDatabase;
let hana: string;
let taro: string;

beforeAll(async () => {
  database = await freshDatabase();
  [hana, taro] = [await person('髙﨑　花子'), await person('太郎')];
});

async function lastEntry(organisationId: string) {
  const [row] = await database.ownerSql`select action, on_behalf_of, actor, before, after from audit_entry where subject_id = ${organisationId} order by seq desc limit 1`;
  return row!;
}

describe('a new group', () => {
  test('is its own record, and its author acts for it from Japan’s today', async () => {
    const id = await groupOf(hana, 'member');
    const [term] = await database.ownerSql`
      select from_on = (now() at time zone 'Asia/Tokyo')::date as today, to_on, role from organisation_member where organisation_id = ${id}`;
    expect(term).toEqual({ today: true, to_on: null, role: 'member' });
    expect(await organisations.currentMembership(sql, id, hana)).toMatchObject({ organisation_id: id, account_id: hana, role: 'member', to_on: null });
    expect(await organisations.ofViewer(sql, hana)).toContainEqual({ id, name: DOSSIER.name, kind: 'civic_group', role: 'member' });
    expect(await lastEntry(id)).toMatchObject({ action: 'organisation.create', actor: `account:${hana}` });
  });

  test('keeps every name byte for byte', async () => {
    for (const name of ['髙﨑𠮷の会', '葛\u{E0100}飾', '\uFA19\uFA10\uFA11', '㈱①Ⅲ', 'か\u3099く', '<b>&"\'; drop table organisation; --', '{{7*7}}${1}%s']) {
      const id = await groupOf(hana, 'member', { name, representative_name: name, address: name, purpose: name });
      const kept = (await organisations.dossier(sql, id))!;
      expect([kept.name, kept.representative_name, kept.address, kept.purpose].map((text) => Buffer.from(text).toString('hex')))
        .toEqual(Array(4).fill(Buffer.from(name).toString('hex')));
    }
  });

  test('is made once for one key', async () => {
    const author = await person();
    const make = () => transaction(as(author), (tx) => organisations.create(tx, author, { ...DOSSIER, role: 'representative' }), { action: 'organisation.create', key: 'one-key-for-one-page' });
    const made = await Promise.all([make(), make(), make()]);
    expect(new Set(made.map((one) => one.ok && one.id)).size).toBe(1);
    expect(await organisations.ofViewer(sql, author)).toHaveLength(1);
  });

  test('names the field when a constraint refuses', async () => {
    const make = (change: object) => transaction(as(taro), (tx) => organisations.create(tx, taro, { ...DOSSIER, ...change, role: 'member' }));
    expect(await make({ members_living: 13 })).toMatchObject({ ok: false, reason: 'invalid', problems: [{ field: 'members_count' }] });
    expect(await make({ kind: 'npo' })).toMatchObject({ ok: false, reason: 'invalid', problems: [{ field: 'corporate_number' }] });
    expect(await make({ district_id: NOBODY })).toMatchObject({ ok: false, reason: 'invalid', problems: [{ field: 'district_id' }] });
    expect(await organisations.ofViewer(sql, taro)).toEqual([]);
  });

  test('is refused when one account founds too many, also at the same time', async () => {
    const founder = await person();
    await database.ownerSql.begin(async (owner) => {
      await owner`select set_config('portal.actor', 'system:test', true)`;
      await owner`
        with made as (insert into organisation (kind, name, name_kana, representative_name, postal_code, address, purpose, members_count, members_living, members_working, members_studying)
          select 'civic_group', '会' || n, 'カイ', '名', '318-0000', '所', '目', 1, 1, 0, 0 from generate_series(2, ${MAX_GROUPS_PER_ACCOUNT}::int) n returning id)
        insert into organisation_member (organisation_id, account_id, role, from_on) select id, ${founder}, 'member', current_date from made`;
    });
    const attempts = await Promise.all([1, 2, 3].map(() => transaction(as(founder), (tx) => organisations.create(tx, founder, { ...DOSSIER, role: 'member' }))));
    expect(attempts.filter((one) => one.ok)).toHaveLength(1);
    expect(attempts.filter((one) => !one.ok && one.reason === 'too_many')).toHaveLength(2);
  });
});

describe('somebody else’s group', () => {
  test('does not exist for people outside it, whatever they send as an id', async () => {
    const id = await groupOf(hana);
    for (const [group, account] of [[id, taro], [NOBODY, hana], ...JUNK.map((junk) => [junk, hana])] as [string, string][]) {
      expect(await organisations.forMember(sql, group, account)).toBeNull();
      expect(await organisations.currentMembership(sql, group, account)).toBeNull();
      const change = transaction(as(account, group), (tx) => organisations.update(tx, account, group, 1, { ...DOSSIER, name: '奪った会' }));
      expect(await change).toEqual({ ok: false, reason: 'not_found' });
    }
    expect((await organisations.dossier(sql, id))!.name).toBe(DOSSIER.name);
    expect(await organisations.dossier(sql, 'x')).toBeNull();
  });

  test('is lost with the term, on the very day', async () => {
    const id = await groupOf(hana);
    await database.ownerSql.begin(async (owner) => {
      await owner`select set_config('portal.actor', 'system:test', true)`;
      await owner`update organisation_member set to_on = (now() at time zone 'Asia/Tokyo')::date where organisation_id = ${id}`;
    });
    expect(await organisations.forMember(sql, id, hana)).toBeNull();
    expect((await organisations.ofViewer(sql, hana)).map((group) => group.id)).not.toContain(id);
  });
});

describe('changing the dossier', () => {
  const save = (account: string, id: string, version: number, change: object) =>
    transaction(as(account, id), (tx) => organisations.update(tx, account, id, version, { ...DOSSIER, ...change }));

  test('leaves what changed, before and after, on behalf of the group', async () => {
    const id = await groupOf(hana);
    expect(await save(hana, id, 1, { name: '花の会', founded_on: '2020-02-29' })).toEqual({ ok: true, version: 2 });
    expect(await organisations.dossier(sql, id)).toMatchObject({ name: '花の会', founded_on: '2020-02-29', version: 2, papers: [] });
    const entry = await lastEntry(id);
    expect(entry).toMatchObject({ action: 'organisation.update', on_behalf_of: id });
    expect(entry.before).toContain('花と緑の会');
    expect(entry.after).toContain('花の会');
    expect(entry.after).not.toContain('本町');
  });

  test('writes nothing when nothing changed', async () => {
    const id = await groupOf(hana);
    expect(await save(hana, id, 1, {})).toEqual({ ok: true, version: 1 });
    expect(await lastEntry(id)).toMatchObject({ action: 'organisation.create' });
  });

  test('is refused to whoever saw an older version, who gets the newer one to compare', async () => {
    const id = await groupOf(hana);
    const answers = await Promise.all(['甲', '乙', '丙'].map((name) => save(hana, id, 1, { name })));
    expect(answers.filter((one) => one.ok)).toHaveLength(1);
    const kept = (await organisations.dossier(sql, id))!;
    expect(kept.version).toBe(2);
    for (const answer of answers) {
      if (!answer.ok) expect(answer).toMatchObject({ reason: 'stale', current: { name: kept.name, version: 2 } });
    }
  });

  test('asks the caller to say on whose behalf', async () => {
    const id = await groupOf(hana);
    await expect(transaction(as(hana), (tx) => organisations.update(tx, hana, id, 1, { ...DOSSIER, name: '別' }))).rejects.toThrow('on behalf');
  });
});

describe('papers', () => {
  const add = (account: string, id: string) => transaction(as(account, id), (tx) => addPaper(tx, account, id, 'rules', PDF));

  test('are kept once a kind; the newer one takes the older one’s place and both stay readable for members', async () => {
    const id = await groupOf(hana);
    const [first, second] = await Promise.all([add(hana, id), add(hana, id)]);
    expect([first, second].filter((one) => one.ok)).toHaveLength(1);
    expect([first, second].find((one) => !one.ok)).toEqual({ ok: false, reason: 'stale' });
    const old = (first.ok ? first : (second as { id: string })).id;
    const replaced = await transaction(as(hana, id), (tx) => replacePaper(tx, hana, id, { kind: 'rules', replaces: old }, PDF));
    expect(replaced).toMatchObject({ ok: true });
    expect(await transaction(as(hana, id), (tx) => replacePaper(tx, hana, id, { kind: 'rules', replaces: old }, PDF))).toEqual({ ok: false, reason: 'stale' });
    const { papers } = (await organisations.dossier(sql, id))!;
    expect(papers).toMatchObject([{ id: (replaced as { id: string }).id, kind: 'rules', name: '会則.pdf', media_type: 'application/pdf', pages: 1 }]);
    expect((await openPaper(sql, old, id, hana))!.bytes.equals(PDF.bytes)).toBe(true);
    expect(await lastEntry(id)).toMatchObject({ action: 'organisation.replace_paper', on_behalf_of: id });
  });

  test('open for members of that group only; the office has its own way', async () => {
    const id = await groupOf(hana);
    const others = await groupOf(taro);
    const added = await add(hana, id);
    if (!added.ok) throw new Error(added.reason);
    expect(await openPaper(sql, added.id, id, taro)).toBeNull();
    expect(await openPaper(sql, added.id, others, taro)).toBeNull();
    expect(await openPaper(sql, added.id, others, hana)).toBeNull();
    for (const junk of JUNK) expect(await openPaper(sql, junk, id, hana)).toBeNull();
    expect(await add(taro, id)).toEqual({ ok: false, reason: 'not_found' });
    expect(await paperForOffice(sql, added.id, id, taro)).toMatchObject({ kind: 'rules', organisation_id: id });
    // An officer who acts for the group reads its papers as a member, not as the office.
    expect(await paperForOffice(sql, added.id, id, hana)).toBeNull();
    expect(await paperForOffice(sql, added.id, others, hana)).toBeNull();
    expect(await paperForOffice(sql, NOBODY, id, taro)).toBeNull();
  });
});
