import type { Sql } from '../db/db.server.ts';
import type { CostCategory, Criterion, Edition, EditionWhole, FundingSource, RequiredPaper, Requirement } from './scheme.ts';

/** Every column of an edition with its scheme and its budget; one place, so that no page sees half of it. */
const columns = (sql: Sql) => sql`
  e.id, e.scheme_id, s.code as scheme_code, s.name as scheme_name, e.fiscal_year, e.is_example, e.name, e.summary, e.purpose,
  e.who_can_apply, e.how_judged, e.legal_basis, e.award_article, e.rejection_article, e.application_form_number,
  e.award_form_number, e.rejection_form_number, e.rate_numerator, e.rate_denominator, e.cap_yen, e.rounding_unit_yen,
  e.minimum_members, e.one_per_organisation, e.opens_at, e.closes_at, e.completion_due_on, e.pass_mark_percent,
  e.standard_conditions, e.published_at, e.results_release_at, e.version, b.budget_yen, b.committed_yen`;

/** The newest published edition of each scheme, for the public catalogue. */
export async function publicEditions(sql: Sql): Promise<Edition[]> {
  return sql<Edition[]>`
    select ${columns(sql)}
    from scheme s
    join lateral (select * from scheme_edition where scheme_id = s.id and published_at <= now() order by fiscal_year desc limit 1) e on true
    join edition_budget b on b.edition_id = e.id
    order by s.name, s.id limit 200`;
}

/** The newest published edition of the scheme with this code, or null. */
export async function publicEdition(sql: Sql, code: string): Promise<EditionWhole | null> {
  // A code out of an address may hold what no database takes.
  if (!/^[a-z0-9-]{2,41}$/.test(code)) return null;
  const [row] = await sql<Edition[]>`
    select ${columns(sql)} from scheme s
    join scheme_edition e on e.scheme_id = s.id and e.published_at <= now()
    join edition_budget b on b.edition_id = e.id
    where s.code = ${code} order by e.fiscal_year desc limit 1`;
  return row ? whole(sql, row) : null;
}

/** An edition by its id, published or not; null when there is none. Only for people who may know of it. */
export async function edition(sql: Sql, id: string): Promise<EditionWhole | null> {
  const [row] = await sql<Edition[]>`
    select ${columns(sql)} from scheme_edition e
    join scheme s on s.id = e.scheme_id
    join edition_budget b on b.edition_id = e.id
    where e.id = ${id}`;
  return row ? whole(sql, row) : null;
}

/** All editions, newest year first, for the office. */
export async function editions(sql: Sql): Promise<Edition[]> {
  return sql<Edition[]>`
    select ${columns(sql)} from scheme_edition e
    join scheme s on s.id = e.scheme_id
    join edition_budget b on b.edition_id = e.id
    order by e.fiscal_year desc, s.name, e.id limit 200`;
}

/** The server's clock is the one that decides whether a window is open. */
export async function now(sql: Sql): Promise<Date> {
  const [row] = await sql<{ now: Date }[]>`select now() as now`;
  return row!.now;
}

async function whole(sql: Sql, row: Edition): Promise<EditionWhole> {
  const funding = await sql<FundingSource[]>`select id, name, amount_yen from funding_source where edition_id = ${row.id} order by position, id`;
  const categories = await sql<CostCategory[]>`
    select id, side, name, hint, eligible, is_grant, reason from cost_category where edition_id = ${row.id} order by side, position, id`;
  const criteria = await sql<Criterion[]>`select id, name, description, weight, max_points from criterion where edition_id = ${row.id} order by position, id`;
  const papers = await sql<RequiredPaper[]>`
    select id, name, hint, required, only_kind, from_dossier from required_paper where edition_id = ${row.id} order by position, id`;
  const requirements = await sql<Requirement[]>`select id, name, article from requirement where edition_id = ${row.id} order by position, id`;
  return { ...row, funding, categories, criteria, papers, requirements };
}
