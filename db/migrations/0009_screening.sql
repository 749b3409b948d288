-- migrate:up

create table screening_check (
  application_id uuid not null references application,
  requirement_id uuid not null references requirement,
  result text not null check (result in ('met', 'not_met', 'unclear')),
  reason text not null default '' check (length(reason) <= 1000),
  checked_by uuid not null references account,
  checked_at timestamptz not null default now(),
  primary key (application_id, requirement_id),
  constraint screening_check_reason check (result = 'met' or reason <> '')
);
comment on table screening_check is '形式審査の結果 区分:内部';
comment on column screening_check.application_id is '申請 区分:非個人';
comment on column screening_check.requirement_id is '要件 区分:非個人';
comment on column screening_check.result is '結果（met=適合、not_met=不適合、unclear=確認が必要） 区分:内部';
comment on column screening_check.reason is '理由 区分:内部';
comment on column screening_check.checked_by is '確認した職員 区分:内部';
comment on column screening_check.checked_at is '確認時刻 単位:時点 区分:内部';
create index screening_check_requirement on screening_check (requirement_id);
create index screening_check_checked_by on screening_check (checked_by);
select portal.guard('screening_check');

create table screening_outcome (
  application_id uuid primary key references application,
  outcome text not null check (outcome in ('accepted', 'dismissed')),
  reason text not null default '' check (length(reason) <= 1000),
  decided_by uuid not null references account,
  decided_at timestamptz not null default now(),
  constraint screening_outcome_reason check (outcome = 'accepted' or reason <> '')
);
comment on table screening_outcome is '受理・却下 区分:内部';
comment on column screening_outcome.application_id is '申請 区分:非個人';
comment on column screening_outcome.outcome is '結果（accepted=受理、dismissed=却下） 区分:内部';
comment on column screening_outcome.reason is '理由 区分:内部';
comment on column screening_outcome.decided_by is '決めた職員 区分:内部';
comment on column screening_outcome.decided_at is '時刻 単位:時点 区分:内部';
create index screening_outcome_decided_by on screening_outcome (decided_by);
select portal.guard('screening_outcome');
select portal.append_only('screening_outcome');

-- Filters an officer keeps under a name of their own.
create table worklist_filter (
  id uuid primary key default uuidv7(),
  account_id uuid not null references account,
  name text not null check (length(name) between 1 and 40),
  query text not null check (length(query) <= 500),
  created_at timestamptz not null default now(),
  unique (account_id, name)
);
comment on table worklist_filter is '保存した絞り込み 区分:内部';
comment on column worklist_filter.id is '識別番号 区分:非個人';
comment on column worklist_filter.account_id is '職員 区分:内部';
comment on column worklist_filter.name is '名前 区分:内部';
comment on column worklist_filter.query is '絞り込みの条件 区分:内部';
comment on column worklist_filter.created_at is '保存時刻 単位:時点 区分:非個人';
select portal.guard('worklist_filter');

create table panel_assignment (
  id uuid primary key default uuidv7(),
  application_id uuid not null references application,
  account_id uuid not null references account,
  assigned_by uuid not null references account,
  assigned_at timestamptz not null default now(),
  unique (application_id, account_id)
);
comment on table panel_assignment is '審査委員の割当 区分:内部';
comment on column panel_assignment.id is '識別番号 区分:非個人';
comment on column panel_assignment.application_id is '申請 区分:非個人';
comment on column panel_assignment.account_id is '審査委員 区分:個人';
comment on column panel_assignment.assigned_by is '割り当てた職員 区分:内部';
comment on column panel_assignment.assigned_at is '割当時刻 単位:時点 区分:内部';
create index panel_assignment_account on panel_assignment (account_id, id);
create index panel_assignment_assigned_by on panel_assignment (assigned_by);
select portal.guard('panel_assignment');

create table interest_declaration (
  assignment_id uuid primary key references panel_assignment,
  conflicted boolean not null,
  note text not null default '' check (length(note) <= 500),
  declared_at timestamptz not null default now(),
  constraint interest_declaration_note check (not conflicted or note <> '')
);
comment on table interest_declaration is '利害関係の申告（申告した委員はその申請を見られない。あとから気づいた申告は受けるが、取り消せない） 区分:個人';
comment on column interest_declaration.assignment_id is '割当 区分:非個人';
comment on column interest_declaration.conflicted is '利害関係があるか 区分:個人';
comment on column interest_declaration.note is '内容 区分:個人';
comment on column interest_declaration.declared_at is '申告時刻 単位:時点 区分:内部';
select portal.guard('interest_declaration');

-- An interest found later may still be declared; a declared one is never taken back.
create function portal.check_declaration() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' or old.conflicted or not new.conflicted or new.assignment_id <> old.assignment_id then
    raise exception 'a declared interest is never taken back' using errcode = '23514', constraint = 'declaration_final';
  end if;
  return new;
end $$;
comment on function portal.check_declaration() is '利害関係の申告は取り消せない';
create trigger declaration_final before update or delete on interest_declaration for each row execute function portal.check_declaration();
revoke delete, truncate on interest_declaration from portal_app;

create table score_sheet (
  assignment_id uuid primary key references panel_assignment,
  version integer not null default 1,
  comment text not null default '' check (length(comment) <= 1000),
  saved_at timestamptz not null default now(),
  submitted_at timestamptz
);
comment on table score_sheet is '採点票 区分:内部';
comment on column score_sheet.assignment_id is '割当 区分:非個人';
comment on column score_sheet.version is '版 区分:非個人';
comment on column score_sheet.comment is '全体の意見 区分:内部';
comment on column score_sheet.saved_at is '保存時刻 単位:時点 区分:内部';
comment on column score_sheet.submitted_at is '提出時刻（提出後は変更できない） 単位:時点 区分:内部';
select portal.guard('score_sheet');

create table score (
  assignment_id uuid not null references score_sheet,
  criterion_id uuid not null references criterion,
  points integer check (points >= 0),
  reason text not null default '' check (length(reason) <= 1000),
  primary key (assignment_id, criterion_id)
);
comment on table score is '基準ごとの点と理由 区分:内部';
comment on column score.assignment_id is '割当 区分:非個人';
comment on column score.criterion_id is '基準 区分:非個人';
comment on column score.points is '点（提出までは空でもよい） 単位:点 区分:内部';
comment on column score.reason is '理由（提出までは空でもよい） 区分:内部';
create index score_criterion on score (criterion_id);
select portal.guard('score');

-- A score stands only for a member who declared no interest, on a criterion of the application's edition, within the
-- criterion's maximum, and never changes after submission.
create function portal.check_score() returns trigger language plpgsql as $$
declare target uuid := case when tg_op = 'DELETE' then old.assignment_id else new.assignment_id end;
begin
  if tg_op = 'UPDATE' and new.assignment_id <> old.assignment_id then
    raise exception 'a score stays on its sheet' using errcode = '23514', constraint = 'score_final';
  end if;
  if exists (select from score_sheet s where s.assignment_id = target and s.submitted_at is not null) then
    raise exception 'a submitted score sheet is final' using errcode = '23514', constraint = 'score_final';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  if not exists (select from interest_declaration d where d.assignment_id = target and not d.conflicted) then
    raise exception 'scoring without a declaration of no interest' using errcode = '23514', constraint = 'score_needs_no_interest';
  end if;
  if not exists (select from panel_assignment p join application a on a.id = p.application_id
                 join criterion c on c.edition_id = a.edition_id where p.id = target and c.id = new.criterion_id) then
    raise exception 'a criterion of another edition' using errcode = '23514', constraint = 'score_criterion_of_edition';
  end if;
  if new.points > (select c.max_points from criterion c where c.id = new.criterion_id) then
    raise exception 'points above the maximum' using errcode = '23514', constraint = 'score_maximum';
  end if;
  return new;
end $$;
comment on function portal.check_score() is '採点の決まり（利害関係なし・年度版の基準・満点以内・提出後は不変）';
create trigger score_rules before insert or update or delete on score for each row execute function portal.check_score();

-- A sheet is handed in whole (every criterion with points and a reason), once, by a member without an interest.
create function portal.check_score_sheet() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.submitted_at is not null then
    raise exception 'a submitted score sheet is final' using errcode = '23514', constraint = 'score_final';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  if new.submitted_at is not null and exists (
    select from panel_assignment p join application a on a.id = p.application_id join criterion c on c.edition_id = a.edition_id
    left join score s on s.assignment_id = p.id and s.criterion_id = c.id
    where p.id = new.assignment_id and (s.points is null or s.reason = '')) then
    raise exception 'a criterion without points or reason' using errcode = '23514', constraint = 'score_sheet_complete';
  end if;
  if not exists (select from interest_declaration d where d.assignment_id = new.assignment_id and not d.conflicted) then
    raise exception 'scoring without a declaration of no interest' using errcode = '23514', constraint = 'score_needs_no_interest';
  end if;
  return new;
end $$;
comment on function portal.check_score_sheet() is '採点票の決まり（すべての基準に点と理由・利害関係なし・提出後は不変）';
create trigger score_sheet_final before insert or update or delete on score_sheet for each row execute function portal.check_score_sheet();

grant execute on all functions in schema portal to portal_app;

-- migrate:down
drop table score, score_sheet, interest_declaration, panel_assignment, worklist_filter, screening_outcome, screening_check;
drop function portal.check_score(), portal.check_score_sheet(), portal.check_declaration();
