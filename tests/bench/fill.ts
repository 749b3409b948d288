import postgres from 'postgres';

/**
 * A city after ten years: applications of many editions, groups and officers, most of them long decided.
 * Written by SQL as the owner, past the guards, because one hundred thousand submissions would take an evening.
 */
export interface Amounts { applications: number; organisations: number; years: number; officers: number }
export const TEN_YEARS: Amounts = { applications: 100_000, organisations: 5_000, years: 10, officers: 12 };

/** Fills a database that holds the demo data (one edition, its groups and people), and lets the planner look at it. */
export async function fill(ownerUrl: string, amounts: Amounts = TEN_YEARS): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    // Triggers off: neither an actor nor an audit entry for each row; the constraints still hold.
    await sql`set session_replication_role = replica`;
    await sql`select setseed(0.5)`;
    await people(sql, amounts);
    await editions(sql, amounts);
    await organisations(sql, amounts);
    await applications(sql, amounts);
    await panel(sql);
    await sql`vacuum analyze`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function people(sql: postgres.Sql, { officers, organisations }: Amounts): Promise<void> {
  await sql`
    insert into account (email, email_folded, name, password_hash, demo)
    select e, e, n, (select password_hash from account limit 1), true
    from (select format('officer%s@bench.example', i) as e, format('担当　職員%s', i) as n from generate_series(1, ${officers - 1}::int) i
          union all select format('member%s@bench.example', i), format('架空　会員%s', i) from generate_series(1, ${organisations}::int) i
          union all select format('panel%s@bench.example', i), format('審査　委員%s', i) from generate_series(1, 7) i) t`;
  await sql`
    insert into staff_role (account_id, role, from_on)
    select id, case when email like 'officer%' then 'officer' else 'committee' end, date '2016-04-01'
    from account where email ~ '^(officer|panel)[0-9]+@bench'`;
}

/** The demo's edition again for every year before, of two schemes. */
async function editions(sql: postgres.Sql, { years }: Amounts): Promise<void> {
  await sql`insert into scheme (code, name) values ('bench-lights', '防犯灯設置補助金（架空）')`;
  await sql`
    insert into scheme_edition
    select (jsonb_populate_record(null::scheme_edition, to_jsonb(e) || jsonb_build_object('id', uuidv7(), 'scheme_id', s.id, 'fiscal_year', e.fiscal_year - ago,
      'name', format('%s年度 %s', e.fiscal_year - ago, s.name), 'opens_at', e.opens_at - make_interval(years => ago),
      'closes_at', e.closes_at - make_interval(years => ago), 'completion_due_on', e.completion_due_on - make_interval(years => ago)))).*
    from scheme s, generate_series(0, ${years - 1}::int) ago, (select * from scheme_edition limit 1) e
    where s.id <> e.scheme_id or ago > 0`;
}

async function organisations(sql: postgres.Sql, { organisations: many }: Amounts): Promise<void> {
  await sql`
    insert into organisation
    select (jsonb_populate_record(null::organisation, to_jsonb(o) || jsonb_build_object('id', uuidv7(), 'name',
      format('%s%sの会（架空%s）', (array['花と緑', '海辺の学び', '里山', 'ふるさと祭り', '子ども食堂', '見守り', '灯籠', '朝市'])[1 + i % 8], (array['を育てる', 'をつなぐ', 'を守る', 'を楽しむ'])[1 + i % 4], i)))).*
    from generate_series(1, ${many}::int) i, (select * from organisation where kind = 'civic_group' limit 1) o`;
  await sql`
    insert into organisation_member (organisation_id, account_id, role, from_on)
    select o.id, a.id, 'representative', date '2016-04-01'
    from (select id, row_number() over (order by id) as i from organisation where name ~ '（架空[0-9]+）') o
    join (select id, row_number() over (order by id) as i from account where email like 'member%@bench.example') a using (i)`;
}

/**
 * Spread evenly over the editions. Of the years before, nearly all are decided; of this year's, all states, and
 * a third without an officer yet. Three in a hundred are drafts nobody sent.
 */
async function applications(sql: postgres.Sql, { applications: many }: Amounts): Promise<void> {
  await sql`create temporary table e as select id, fiscal_year, opens_at, closes_at, (row_number() over (order by fiscal_year, id) - 1)::int as n, fiscal_year = max(fiscal_year) over () as now from scheme_edition`;
  await sql`create temporary table o as select id, (row_number() over (order by id) - 1)::int as n from organisation`;
  await sql`create temporary table c as select a.id, (row_number() over (order by a.id) - 1)::int as n from account a join staff_role r on r.account_id = a.id where r.role = 'officer'`;
  await sql`
    insert into application (id, edition_id, organisation_id, project_title, receipt_number, eligible_yen, computed_yen, requested_yen, assigned_to, created_by,
      created_at, submitted_at, correction_opened_at, accepted_at, proposed_at, decided_at, dismissed_at, withdrawn_at)
    select uuidv7(at - now()), edition, organisation, title, case when step > 0 then format('R%s-%s', year - 2018, lpad(i::text, 6, '0')) end,
      cost, cost / 2 / 1000 * 1000, cost / 2 / 1000 * 1000, officer, (select id from account limit 1), at - interval '3 days',
      case when step > 0 then at end, case when step = 2 then at + interval '4 days' end, case when step in (4, 5, 6) then at + interval '9 days' end,
      case when step in (5, 6) then at + interval '40 days' end, case when step = 6 then at + interval '45 days' end,
      case when step = 3 then at + interval '9 days' end, case when step = 7 then at + interval '11 days' end
    from (
      select i, e.id as edition, e.fiscal_year as year, o.id as organisation, e.opens_at + r1 * (least(e.closes_at, now()) - e.opens_at) as at,
        (array['谷あいの灯り　ふるさとまつりと昔あそびの日', '駅前花だんの手入れと花の種の配布', '海辺の清掃と生きもの観察会', '見守りウォーキング', '多世代の食卓をかこむ会', '里山の道しるべづくり'])[1 + i % 6] || '　第' || (1 + i % 9) || '回' as title,
        40000 + (r2 * 400000)::int as cost, case when (e.now and r3 < 0.35) or r3 < 0.01 then null else c.id end as officer,
        case when r4 < 0.03 then 0 -- draft
             when not e.now then case when r4 < 0.09 then 3 when r4 < 0.14 then 7 else 6 end
             else case when r4 < 0.30 then 1 when r4 < 0.40 then 2 when r4 < 0.45 then 3 when r4 < 0.80 then 4 when r4 < 0.90 then 5 when r4 < 0.96 then 6 else 7 end end as step
      from (select i, random() as r1, random() as r2, random() as r3, random() as r4, (random() * 1e6)::int as r5 from generate_series(1, ${many}::int) i) s
      join e on e.n = i % (select count(*)::int from e) join o on o.n = r5 % (select count(*)::int from o) join c on c.n = r5 % 97 % (select count(*)::int from c)
    ) t`;
}

/** Five members for each accepted application of this year; one in fifty declared an interest. */
async function panel(sql: postgres.Sql): Promise<void> {
  await sql`
    insert into panel_assignment (application_id, account_id, assigned_by)
    select a.id, m.id, (select id from account limit 1) from application a
    cross join lateral (select r.account_id as id from staff_role r where r.role = 'committee' order by md5(a.id::text || r.account_id::text) limit 5) m
    where a.state in ('accepted', 'proposed')`;
  await sql`insert into interest_declaration (assignment_id, conflicted, note) select id, n % 50 = 0, case when n % 50 = 0 then '役員をしています' else '' end from (select id, row_number() over () as n from panel_assignment) t`;
}
