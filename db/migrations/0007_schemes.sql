-- migrate:up

create table scheme (
  id uuid primary key default uuidv7(),
  code text not null unique check (code ~ '^[a-z0-9][a-z0-9-]{1,40}$'),
  name text not null check (length(name) between 1 and 60),
  created_at timestamptz not null default now()
);
comment on table scheme is '補助の制度 区分:公開';
comment on column scheme.id is '識別番号 区分:非個人';
comment on column scheme.code is 'アドレスに使う名 区分:公開';
comment on column scheme.name is '制度の名前 区分:公開';
comment on column scheme.created_at is '登録時刻 単位:時点 区分:非個人';
select portal.guard('scheme');

create table scheme_edition (
  id uuid primary key default uuidv7(),
  scheme_id uuid not null references scheme,
  fiscal_year integer not null check (fiscal_year between 2000 and 2200),
  is_example boolean not null default true,
  name text not null check (length(name) between 1 and 60),
  summary text not null check (length(summary) between 1 and 200),
  purpose text not null check (length(purpose) between 1 and 1000),
  who_can_apply text not null check (length(who_can_apply) between 1 and 2000),
  how_judged text not null check (length(how_judged) between 1 and 2000),
  legal_basis text not null check (length(legal_basis) between 1 and 200),
  award_article text not null check (length(award_article) between 1 and 100),
  rejection_article text not null check (length(rejection_article) between 1 and 100),
  application_form_number text not null check (length(application_form_number) between 1 and 60),
  award_form_number text not null check (length(award_form_number) between 1 and 60),
  rejection_form_number text not null check (length(rejection_form_number) between 1 and 60),
  rate_numerator integer not null check (rate_numerator >= 1),
  rate_denominator integer not null check (rate_denominator between 1 and 1000),
  cap_yen bigint not null check (cap_yen between 1 and 999999999999),
  rounding_unit_yen integer not null check (rounding_unit_yen in (1, 10, 100, 1000, 10000)),
  minimum_members integer not null default 1 check (minimum_members >= 1),
  one_per_organisation boolean not null default true,
  opens_at timestamptz not null,
  closes_at timestamptz not null,
  completion_due_on date not null,
  pass_mark_percent integer check (pass_mark_percent between 0 and 100),
  standard_conditions text[] not null default '{}',
  published_at timestamptz,
  results_release_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  unique (scheme_id, fiscal_year),
  constraint scheme_edition_rate_at_most_one check (rate_numerator <= rate_denominator),
  constraint scheme_edition_window check (closes_at > opens_at),
  constraint scheme_edition_cap_rounds check (cap_yen >= rounding_unit_yen)
);
comment on table scheme_edition is '制度の年度版（率・上限・期間などはすべて設定） 区分:公開';
comment on column scheme_edition.id is '識別番号 区分:非個人';
comment on column scheme_edition.scheme_id is '制度 区分:非個人';
comment on column scheme_edition.fiscal_year is '年度（西暦） 単位:年度 区分:公開';
comment on column scheme_edition.is_example is '設定例か（市が確認するまで真） 区分:公開';
comment on column scheme_edition.name is '年度版の名前 区分:公開';
comment on column scheme_edition.summary is '概要 区分:公開';
comment on column scheme_edition.purpose is '目的 区分:公開';
comment on column scheme_edition.who_can_apply is '申請できる団体の説明 区分:公開';
comment on column scheme_edition.how_judged is '審査のしかたの説明 区分:公開';
comment on column scheme_edition.legal_basis is '根拠の要綱 区分:公開';
comment on column scheme_edition.award_article is '交付決定の条項 区分:公開';
comment on column scheme_edition.rejection_article is '不交付決定の条項 区分:公開';
comment on column scheme_edition.application_form_number is '交付申請書の様式番号 区分:公開';
comment on column scheme_edition.award_form_number is '交付決定通知書の様式番号 区分:公開';
comment on column scheme_edition.rejection_form_number is '不交付決定通知書の様式番号 区分:公開';
comment on column scheme_edition.rate_numerator is '補助率の分子 区分:公開';
comment on column scheme_edition.rate_denominator is '補助率の分母 区分:公開';
comment on column scheme_edition.cap_yen is '上限額 単位:円 区分:公開';
comment on column scheme_edition.rounding_unit_yen is '端数を切り捨てる単位 単位:円 区分:公開';
comment on column scheme_edition.minimum_members is '団体に必要な人数 単位:人 区分:公開';
comment on column scheme_edition.one_per_organisation is '同じ年度に1団体1事業か 区分:公開';
comment on column scheme_edition.opens_at is '受付開始 単位:時点 区分:公開';
comment on column scheme_edition.closes_at is '受付終了（この時点から受け付けない） 単位:時点 区分:公開';
comment on column scheme_edition.completion_due_on is '事業を終える期限 単位:日 区分:公開';
comment on column scheme_edition.pass_mark_percent is '採択に必要な得点の割合 単位:％ 区分:公開';
comment on column scheme_edition.standard_conditions is '交付決定に付ける標準の条件 区分:公開';
comment on column scheme_edition.published_at is '公開した時刻 単位:時点 区分:公開';
comment on column scheme_edition.results_release_at is '結果を公開する時点（空なら未定） 単位:時点 区分:内部';
comment on column scheme_edition.version is '版（古い画面からの保存を断る） 区分:非個人';
comment on column scheme_edition.created_at is '登録時刻 単位:時点 区分:非個人';
select portal.guard('scheme_edition');

create table edition_budget (
  edition_id uuid primary key references scheme_edition,
  budget_yen bigint not null check (budget_yen between 0 and 999999999999),
  committed_yen bigint not null default 0,
  constraint edition_budget_never_over check (committed_yen between 0 and budget_yen)
);
comment on table edition_budget is '年度版の予算と交付決定の合計（超えることはできない） 区分:公開';
comment on column edition_budget.edition_id is '年度版 区分:非個人';
comment on column edition_budget.budget_yen is '予算額 単位:円 区分:公開';
comment on column edition_budget.committed_yen is '交付決定した額の合計 単位:円 区分:内部';
select portal.guard('edition_budget');

create table funding_source (
  id uuid primary key default uuidv7(),
  edition_id uuid not null references scheme_edition,
  name text not null check (length(name) between 1 and 60),
  amount_yen bigint not null check (amount_yen between 0 and 999999999999),
  position integer not null
);
comment on table funding_source is '財源（市報広告料収入など） 区分:公開';
comment on column funding_source.id is '識別番号 区分:非個人';
comment on column funding_source.edition_id is '年度版 区分:非個人';
comment on column funding_source.name is '財源の名前 区分:公開';
comment on column funding_source.amount_yen is '金額 単位:円 区分:公開';
comment on column funding_source.position is '並び順 区分:非個人';
create index funding_source_edition on funding_source (edition_id, position);
select portal.guard('funding_source');

create table cost_category (
  id uuid primary key default uuidv7(),
  edition_id uuid not null references scheme_edition,
  side text not null check (side in ('income', 'expense')),
  name text not null check (length(name) between 1 and 60),
  hint text not null default '' check (length(hint) <= 300),
  eligible boolean not null,
  is_grant boolean not null default false,
  reason text not null default '' check (length(reason) <= 300),
  position integer not null,
  unique (edition_id, id, side),
  constraint cost_category_reason check (side = 'income' or eligible or reason <> ''),
  constraint cost_category_grant_is_income check (not is_grant or side = 'income')
);
comment on table cost_category is '収入・支出の区分と、補助の対象になるか 区分:公開';
comment on column cost_category.id is '識別番号 区分:非個人';
comment on column cost_category.edition_id is '年度版 区分:非個人';
comment on column cost_category.side is '収入か支出か（income、expense） 区分:公開';
comment on column cost_category.name is '区分の名前 区分:公開';
comment on column cost_category.hint is '例や説明 区分:公開';
comment on column cost_category.eligible is '補助の対象になるか 区分:公開';
comment on column cost_category.is_grant is 'この制度の補助金そのものの収入か 区分:公開';
comment on column cost_category.reason is '対象にならない理由 区分:公開';
comment on column cost_category.position is '並び順 区分:非個人';
create index cost_category_edition on cost_category (edition_id, side, position);
create unique index cost_category_one_grant on cost_category (edition_id) where is_grant;
select portal.guard('cost_category');

create table criterion (
  id uuid primary key default uuidv7(),
  edition_id uuid not null references scheme_edition,
  name text not null check (length(name) between 1 and 60),
  description text not null default '' check (length(description) <= 500),
  weight integer not null check (weight between 1 and 100),
  max_points integer not null default 5 check (max_points between 1 and 100),
  position integer not null
);
comment on table criterion is '審査の基準と重み 区分:公開';
comment on column criterion.id is '識別番号 区分:非個人';
comment on column criterion.edition_id is '年度版 区分:非個人';
comment on column criterion.name is '基準の名前 区分:公開';
comment on column criterion.description is '見るところ 区分:公開';
comment on column criterion.weight is '重み 区分:公開';
comment on column criterion.max_points is '満点（重みを掛ける前） 単位:点 区分:公開';
comment on column criterion.position is '並び順 区分:非個人';
create index criterion_edition on criterion (edition_id, position);
select portal.guard('criterion');

create table required_paper (
  id uuid primary key default uuidv7(),
  edition_id uuid not null references scheme_edition,
  name text not null check (length(name) between 1 and 60),
  hint text not null default '' check (length(hint) <= 300),
  required boolean not null,
  only_kind text check (only_kind in ('civic_group', 'npo', 'association')),
  from_dossier text check (from_dossier in ('rules', 'member_list')),
  position integer not null
);
comment on table required_paper is '添付書類 区分:公開';
comment on column required_paper.id is '識別番号 区分:非個人';
comment on column required_paper.edition_id is '年度版 区分:非個人';
comment on column required_paper.name is '書類の名前 区分:公開';
comment on column required_paper.hint is '説明 区分:公開';
comment on column required_paper.required is '必ず必要か 区分:公開';
comment on column required_paper.only_kind is 'この種類の団体だけに必要 区分:公開';
comment on column required_paper.from_dossier is '団体情報に登録した書類を使う（会則・会員名簿） 区分:公開';
comment on column required_paper.position is '並び順 区分:非個人';
create index required_paper_edition on required_paper (edition_id, position);
select portal.guard('required_paper');

create table requirement (
  id uuid primary key default uuidv7(),
  edition_id uuid not null references scheme_edition,
  name text not null check (length(name) between 1 and 200),
  article text not null default '' check (length(article) <= 100),
  position integer not null
);
comment on table requirement is '担当者が確認する要件（形式審査の項目） 区分:公開';
comment on column requirement.id is '識別番号 区分:非個人';
comment on column requirement.edition_id is '年度版 区分:非個人';
comment on column requirement.name is '要件 区分:公開';
comment on column requirement.article is '根拠の条項 区分:公開';
comment on column requirement.position is '並び順 区分:非個人';
create index requirement_edition on requirement (edition_id, position);
select portal.guard('requirement');

-- migrate:down
drop table requirement, required_paper, criterion, cost_category, funding_source, edition_budget, scheme_edition, scheme;
