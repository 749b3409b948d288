import postgres from 'postgres';

/**
 * A round that has just been decided: many adopted applications of one edition, each resting on a copy of a real
 * submission of the demo, under names of their own. Answers the edition and the officer who will send the letters.
 */
export async function fillAwards(ownerUrl: string, many: number): Promise<{ edition: string; officer: string }> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    await sql`set session_replication_role = replica`;
    const [found] = await sql<{ edition: string; officer: string; application: string; submission: string }[]>`
      select a.edition_id as edition, c.id as officer, a.id as application, s.id as submission
      from submission s join application a on a.id = s.application_id, account c where c.email = 'officer@demo.example' order by s.submitted_at limit 1`;
    const { edition, officer, application, submission } = found!;
    await sql`
      create temporary table round as
      select i, uuidv7() as application, uuidv7() as submission, uuidv7() as proposal, uuidv7() as organisation, format('R8-%s', lpad(i::text, 4, '0')) as receipt,
        format('%sの会（架空%s）', (array['花と緑を育てる', '海辺の学びをつなぐ', '里山を守る', 'ふるさと祭りを楽しむ', '見守り', '灯籠づくり'])[1 + i % 6], i) as name
      from generate_series(1, ${many}::int) i`;
    await sql`
      insert into organisation select (jsonb_populate_record(null::organisation, to_jsonb(o) || jsonb_build_object('id', r.organisation, 'name', r.name))).*
      from round r, organisation o where o.id = (select organisation_id from application where id = ${application})`;
    await sql`
      insert into application (id, edition_id, organisation_id, project_title, receipt_number, eligible_yen, computed_yen, requested_yen, assigned_to, created_by, created_at, submitted_at, accepted_at, proposed_at, decided_at)
      select r.application, a.edition_id, r.organisation, a.project_title || '　その' || r.i, r.receipt, a.eligible_yen, a.computed_yen, a.requested_yen, ${officer}, a.created_by,
        now() - interval '20 days', now() - interval '19 days', now() - interval '9 days', now() - interval '2 days', now() - interval '1 hour'
      from round r, application a where a.id = ${application}`;
    await sql`
      insert into submission (id, application_id, round, snapshot, snapshot_sha256, submitted_by)
      select r.submission, r.application, 1, t.text, encode(sha256(convert_to(t.text, 'UTF8')), 'hex'), s.submitted_by
      from round r, submission s, lateral (select jsonb_set(jsonb_set(jsonb_set(s.snapshot::jsonb, '{organisation,name}', to_jsonb(r.name)), '{organisation,id}', to_jsonb(r.organisation)), '{receipt_number}', to_jsonb(r.receipt))::text as text) t
      where s.id = ${submission}`;
    await sql`
      insert into award_proposal (id, application_id, submission_id, outcome, amount_yen, reason, conditions, seen_hash, drafted_by)
      select r.proposal, r.application, r.submission, 'adopted', a.requested_yen, '評価の平均が高く、予算の範囲にあるため。', e.standard_conditions, repeat('0', 64), ${officer}
      from round r join application a on a.id = r.application join scheme_edition e on e.id = a.edition_id`;
    await sql`
      insert into award (application_id, proposal_id, edition_id, outcome, amount_yen, requested_yen, cap_yen, decided_at)
      select r.application, r.proposal, a.edition_id, 'adopted', a.requested_yen, a.requested_yen, e.cap_yen, a.decided_at
      from round r join application a on a.id = r.application join scheme_edition e on e.id = a.edition_id`;
    await sql`vacuum analyze`;
    return { edition, officer };
  } finally {
    await sql.end({ timeout: 5 });
  }
}
