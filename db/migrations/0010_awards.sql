-- migrate:up

create table award_proposal (
  id uuid primary key default uuidv7(),
  application_id uuid not null references application,
  submission_id uuid not null references submission,
  outcome text not null check (outcome in ('adopted', 'partly_adopted', 'declined')),
  amount_yen bigint not null check (amount_yen between 0 and 999999999999),
  reason text not null check (length(reason) between 1 and 1000),
  conditions text[] not null default '{}',
  seen_hash text not null check (seen_hash ~ '^[0-9a-f]{64}$'),
  drafted_by uuid not null references account,
  drafted_at timestamptz not null default now(),
  unique (id, drafted_by),
  constraint award_proposal_amount check ((outcome = 'declined') = (amount_yen = 0))
);
comment on table award_proposal is '起案（交付・不交付の案） 区分:内部';
comment on column award_proposal.id is '識別番号 区分:非個人';
comment on column award_proposal.application_id is '申請 区分:非個人';
comment on column award_proposal.submission_id is '見た提出 区分:内部';
comment on column award_proposal.outcome is '案（adopted=採択、partly_adopted=一部採択、declined=不採択） 区分:内部';
comment on column award_proposal.amount_yen is '交付する額 単位:円 区分:内部';
comment on column award_proposal.reason is '理由 区分:内部';
comment on column award_proposal.conditions is '交付の条件（起案のときの共通の条件を含む） 区分:内部';
comment on column award_proposal.seen_hash is '案の内容の SHA-256（決裁者が見たものと同じか確かめる） 区分:非個人';
comment on column award_proposal.drafted_by is '起案者 区分:内部';
comment on column award_proposal.drafted_at is '起案時刻 単位:時点 区分:内部';
create index award_proposal_application on award_proposal (application_id, id);
create index award_proposal_submission on award_proposal (submission_id);
create index award_proposal_drafted_by on award_proposal (drafted_by);
select portal.guard('award_proposal');
select portal.append_only('award_proposal');

create table award_approval (
  proposal_id uuid primary key,
  drafted_by uuid not null,
  result text not null check (result in ('approved', 'returned')),
  comment text not null default '' check (length(comment) <= 1000),
  decided_by uuid not null references account,
  decided_at timestamptz not null default now(),
  foreign key (proposal_id, drafted_by) references award_proposal (id, drafted_by),
  constraint award_approval_two_people check (decided_by <> drafted_by),
  constraint award_approval_comment check (result = 'approved' or comment <> '')
);
comment on table award_approval is '決裁（起案者とは別の人） 区分:内部';
comment on column award_approval.proposal_id is '起案 区分:非個人';
comment on column award_approval.drafted_by is '起案者（同じ人の決裁を断るため） 区分:内部';
comment on column award_approval.result is '結果（approved=決裁、returned=差戻し） 区分:内部';
comment on column award_approval.comment is '意見 区分:内部';
comment on column award_approval.decided_by is '決裁者 区分:内部';
comment on column award_approval.decided_at is '決裁時刻 単位:時点 区分:内部';
create index award_approval_decided_by on award_approval (decided_by);
select portal.guard('award_approval');
select portal.append_only('award_approval');

create table award (
  application_id uuid primary key references application,
  proposal_id uuid not null unique references award_proposal,
  edition_id uuid not null references edition_budget,
  outcome text not null check (outcome in ('adopted', 'partly_adopted', 'declined')),
  amount_yen bigint not null check (amount_yen >= 0),
  requested_yen bigint not null,
  cap_yen bigint not null,
  decided_at timestamptz not null default now(),
  constraint award_within_request check (amount_yen <= requested_yen),
  constraint award_within_cap check (amount_yen <= cap_yen),
  constraint award_outcome check ((outcome = 'declined') = (amount_yen = 0)),
  constraint award_partly check (outcome <> 'partly_adopted' or amount_yen < requested_yen),
  constraint award_whole check (outcome <> 'adopted' or amount_yen = requested_yen)
);
comment on table award is '交付・不交付の決定（1申請に1つ。変更できない） 区分:内部';
comment on column award.application_id is '申請 区分:非個人';
comment on column award.proposal_id is '起案 区分:非個人';
comment on column award.edition_id is '年度版（予算） 区分:非個人';
comment on column award.outcome is '結果（adopted=採択、partly_adopted=一部採択、declined=不採択） 区分:公開';
comment on column award.amount_yen is '交付決定額 単位:円 区分:公開';
comment on column award.requested_yen is '申請額の写し 単位:円 区分:内部';
comment on column award.cap_yen is '上限額の写し 単位:円 区分:公開';
comment on column award.decided_at is '決定時刻 単位:時点 区分:公開';
create index award_edition on award (edition_id, decided_at desc, application_id);
select portal.guard('award');
select portal.append_only('award');

-- The money rules hold for direct SQL too: the award takes its limits from the application and the edition,
-- needs an approval by somebody else than the drafter, and draws on the budget row, whose CHECK refuses more than there is.
create function portal.commit_award() returns trigger language plpgsql as $$
begin
  select a.requested_yen, e.cap_yen, a.edition_id into strict new.requested_yen, new.cap_yen, new.edition_id
    from application a join scheme_edition e on e.id = a.edition_id where a.id = new.application_id;
  if not exists (select from award_approval p join award_proposal d on d.id = p.proposal_id
                 where p.proposal_id = new.proposal_id and p.result = 'approved'
                   and d.application_id = new.application_id and d.outcome = new.outcome and d.amount_yen = new.amount_yen) then
    raise exception 'award without its approval' using errcode = '23514', constraint = 'award_needs_approval';
  end if;
  update edition_budget set committed_yen = committed_yen + new.amount_yen where edition_id = new.edition_id;
  return new;
end $$;
comment on function portal.commit_award() is '交付決定で予算を使う（決裁・上限・予算を確かめる）';
create trigger commit_award before insert on award for each row execute function portal.commit_award();

-- The committed sum moves with awards alone.
create function portal.only_by_award() returns trigger language plpgsql as $$
begin
  if new.committed_yen <> old.committed_yen and pg_trigger_depth() < 2 then
    raise exception 'committed_yen is moved only by an award' using errcode = '23514', constraint = 'edition_budget_only_by_award';
  end if;
  return new;
end $$;
comment on function portal.only_by_award() is '交付決定の合計を直接変えさせない';
create trigger only_by_award before update on edition_budget for each row execute function portal.only_by_award();
grant execute on all functions in schema portal to portal_app;

-- What was published is not taken back.
create function portal.keep_release() returns trigger language plpgsql as $$
begin
  if old.results_release_at <= now() and new.results_release_at is distinct from old.results_release_at then
    raise exception 'results are public already' using errcode = '23514', constraint = 'scheme_edition_release_final';
  end if;
  return new;
end $$;
comment on function portal.keep_release() is '公開した結果の公開日時は変えられない';
create trigger keep_release before update on scheme_edition for each row execute function portal.keep_release();

create table result_notice (
  application_id uuid primary key references award (application_id),
  noticed_at timestamptz not null default now()
);
comment on table result_notice is '結果を団体にメールで知らせた記録（1回だけ） 区分:内部';
comment on column result_notice.application_id is '申請 区分:非個人';
comment on column result_notice.noticed_at is 'メールを書いた時刻 単位:時点 区分:内部';
select portal.guard('result_notice', false);
select portal.append_only('result_notice');
grant execute on all functions in schema portal to portal_app;

create table glyph_substitution (
  id uuid primary key default uuidv7(),
  application_id uuid not null references application,
  from_text text not null check (length(from_text) between 1 and 20),
  to_text text not null check (length(to_text) between 1 and 20),
  reason text not null check (length(reason) between 1 and 500),
  approved_by uuid not null references account,
  approved_at timestamptz not null default now(),
  unique (application_id, from_text)
);
comment on table glyph_substitution is '通知書で使えない文字の置き換え（職員の承認の記録） 区分:個人';
comment on column glyph_substitution.id is '識別番号 区分:非個人';
comment on column glyph_substitution.application_id is '申請 区分:非個人';
comment on column glyph_substitution.from_text is '元の文字 区分:個人';
comment on column glyph_substitution.to_text is '置き換える文字 区分:個人';
comment on column glyph_substitution.reason is '理由 区分:内部';
comment on column glyph_substitution.approved_by is '承認した職員 区分:内部';
comment on column glyph_substitution.approved_at is '承認時刻 単位:時点 区分:内部';
create index glyph_substitution_approved_by on glyph_substitution (approved_by);
select portal.guard('glyph_substitution');

create table letter_batch (
  id uuid primary key default uuidv7(),
  edition_id uuid not null references scheme_edition,
  issued_on date not null,
  requested_by uuid not null references account,
  requested_at timestamptz not null default now(),
  total integer not null check (total >= 0),
  done integer not null default 0 check (done >= 0),
  leased_until timestamptz,
  finished_at timestamptz
);
comment on table letter_batch is '通知書の一括作成 区分:内部';
comment on column letter_batch.id is '識別番号 区分:非個人';
comment on column letter_batch.edition_id is '年度版 区分:非個人';
comment on column letter_batch.issued_on is '通知書の日付 単位:日 区分:内部';
comment on column letter_batch.requested_by is '依頼した職員 区分:内部';
comment on column letter_batch.requested_at is '依頼時刻 単位:時点 区分:内部';
comment on column letter_batch.total is '対象の件数 単位:件 区分:内部';
comment on column letter_batch.done is '終えた件数 単位:件 区分:内部';
comment on column letter_batch.leased_until is '作成中のサーバーの持ち時間（過ぎたら別のサーバーが続ける） 単位:時点 区分:非個人';
comment on column letter_batch.finished_at is '終えた時刻 単位:時点 区分:内部';
create index letter_batch_edition on letter_batch (edition_id, id);
create unique index letter_batch_under_way on letter_batch (edition_id) where finished_at is null;
create index letter_batch_requested_by on letter_batch (requested_by);
select portal.guard('letter_batch', false);

create table letter_problem (
  batch_id uuid not null references letter_batch,
  application_id uuid not null references application,
  problem text not null check (length(problem) between 1 and 1000),
  primary key (batch_id, application_id)
);
comment on table letter_problem is '一括作成で止まった通知書と理由 区分:内部';
comment on column letter_problem.batch_id is '一括作成 区分:非個人';
comment on column letter_problem.application_id is '申請 区分:非個人';
comment on column letter_problem.problem is '理由 区分:個人';
create index letter_problem_application on letter_problem (application_id);
select portal.guard('letter_problem', false);

create table letter (
  id uuid primary key default uuidv7(),
  application_id uuid not null references application,
  batch_id uuid references letter_batch,
  kind text not null check (kind in ('award_notice', 'rejection_notice')),
  fiscal_year integer not null,
  number integer not null check (number >= 1),
  document_number text not null,
  issued_on date not null,
  snapshot text not null,
  file_id uuid not null unique references stored_file,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  pages integer not null check (pages between 1 and 200),
  issued_by uuid not null references account,
  issued_at timestamptz not null default now(),
  unique (application_id, kind),
  unique (fiscal_year, number)
);
comment on table letter is '発行した通知書（作り直さない） 区分:個人';
comment on column letter.id is '識別番号 区分:非個人';
comment on column letter.application_id is '申請 区分:非個人';
comment on column letter.batch_id is '一括作成 区分:非個人';
comment on column letter.kind is '種類（award_notice=交付決定通知書、rejection_notice=不交付決定通知書） 区分:内部';
comment on column letter.fiscal_year is '文書番号の年度 単位:年度 区分:内部';
comment on column letter.number is '文書番号の連番 区分:内部';
comment on column letter.document_number is '文書番号（環協第1号 など。年度を含めて一意） 区分:内部';
comment on column letter.issued_on is '通知書の日付 単位:日 区分:内部';
comment on column letter.snapshot is '通知書のもとになった内容（JSON 文字列） 区分:個人';
comment on column letter.file_id is '発行した PDF 区分:個人';
comment on column letter.sha256 is 'PDF の SHA-256 区分:内部';
comment on column letter.pages is 'ページ数 単位:ページ 区分:内部';
comment on column letter.issued_by is '発行した職員 区分:内部';
comment on column letter.issued_at is '発行時刻 単位:時点 区分:内部';
create index letter_batch_id on letter (batch_id);
create index letter_issued_by on letter (issued_by);
select portal.guard('letter');
select portal.append_only('letter');

-- migrate:down
drop table letter, letter_problem, letter_batch, glyph_substitution, result_notice, award, award_approval, award_proposal;
drop function portal.commit_award(), portal.only_by_award(), portal.keep_release() cascade;
