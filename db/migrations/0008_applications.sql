-- migrate:up

create table application (
  id uuid primary key default uuidv7(),
  edition_id uuid not null references scheme_edition,
  organisation_id uuid not null references organisation,
  project_title text not null default '' check (length(project_title) <= 100),
  receipt_number text unique check (length(receipt_number) between 1 and 40),
  eligible_yen bigint check (eligible_yen between 0 and 999999999999),
  computed_yen bigint check (computed_yen between 0 and 999999999999),
  requested_yen bigint check (requested_yen between 0 and 999999999999),
  assigned_to uuid references account,
  created_by uuid not null references account,
  created_at timestamptz not null default now(),
  submitted_at timestamptz,
  correction_opened_at timestamptz,
  accepted_at timestamptz,
  proposed_at timestamptz,
  decided_at timestamptz,
  dismissed_at timestamptz,
  withdrawn_at timestamptz,
  state text not null generated always as (
    case
      when withdrawn_at is not null then 'withdrawn'
      when dismissed_at is not null then 'dismissed'
      when decided_at is not null then 'decided'
      when proposed_at is not null then 'proposed'
      when accepted_at is not null then 'accepted'
      when correction_opened_at is not null then 'correction'
      when submitted_at is not null then 'submitted'
      else 'draft'
    end) stored,
  waiting_for text not null generated always as (
    case
      when withdrawn_at is not null or dismissed_at is not null or decided_at is not null then 'nobody'
      when proposed_at is not null then 'approver'
      when accepted_at is not null then 'committee'
      when correction_opened_at is not null then 'applicant'
      when submitted_at is not null then 'officer'
      else 'applicant'
    end) stored,
  -- An order of events that cannot happen cannot be stored either.
  constraint application_order check (
    (submitted_at is not null or (receipt_number is null and correction_opened_at is null and accepted_at is null and dismissed_at is null))
    and (accepted_at is null or (submitted_at is not null and correction_opened_at is null))
    and (proposed_at is null or accepted_at is not null)
    and (decided_at is null or proposed_at is not null)
    and (dismissed_at is null or (accepted_at is null and decided_at is null))
    and (withdrawn_at is null or decided_at is null)),
  constraint application_submitted_whole check (submitted_at is null or
    (receipt_number is not null and eligible_yen is not null and computed_yen is not null and requested_yen is not null and project_title <> '')),
  constraint application_requested_within check (requested_yen is null or requested_yen <= computed_yen)
);
comment on table application is '交付申請 区分:内部';
comment on column application.id is '識別番号 区分:非個人';
comment on column application.edition_id is '制度の年度版 区分:非個人';
comment on column application.organisation_id is '申請する団体 区分:内部';
comment on column application.project_title is '事業名 区分:内部';
comment on column application.receipt_number is '受付番号 区分:内部';
comment on column application.eligible_yen is '補助対象経費 単位:円 区分:内部';
comment on column application.computed_yen is '計算した補助額 単位:円 区分:内部';
comment on column application.requested_yen is '申請額 単位:円 区分:内部';
comment on column application.assigned_to is '担当者 区分:内部';
comment on column application.created_by is '作り始めた人 区分:個人';
comment on column application.created_at is '作り始めた時刻 単位:時点 区分:内部';
comment on column application.submitted_at is '最初に提出した時刻 単位:時点 区分:内部';
comment on column application.correction_opened_at is '補正を依頼している間だけ入る時刻 単位:時点 区分:内部';
comment on column application.accepted_at is '受理した時刻 単位:時点 区分:内部';
comment on column application.proposed_at is '起案した時刻（差戻しで空に戻る） 単位:時点 区分:内部';
comment on column application.decided_at is '決裁した時刻 単位:時点 区分:内部';
comment on column application.dismissed_at is '却下した時刻 単位:時点 区分:内部';
comment on column application.withdrawn_at is '取り下げた時刻 単位:時点 区分:内部';
comment on column application.state is '状態（起きたことから決まる） 区分:内部';
comment on column application.waiting_for is '次に動く人 区分:内部';
-- One application a group and year, where the edition says so, is checked at submission under the organisation's row lock.
create index application_edition on application (edition_id, state);
create index application_organisation on application (organisation_id, id);
create index application_created_by on application (created_by);
-- With the group, so that counting, which leaves out the applications of one's own groups, reads an index alone.
create index application_worklist on application (submitted_at desc, id desc) include (organisation_id) where submitted_at is not null;
create index application_worklist_state on application (state, submitted_at desc, id desc) include (organisation_id) where submitted_at is not null;
create index application_worklist_waiting on application (waiting_for, submitted_at desc, id desc) include (organisation_id) where submitted_at is not null;
create index application_worklist_edition on application (edition_id, submitted_at desc, id desc) include (organisation_id) where submitted_at is not null;
create index application_worklist_assigned on application (assigned_to, submitted_at desc, id desc) include (organisation_id) where submitted_at is not null;
-- Small, because most applications are done: how many wait for whom, of all and of each officer, is counted from it alone.
create index application_worklist_open on application (waiting_for, assigned_to) where submitted_at is not null and waiting_for <> 'nobody';
select portal.guard('application');

create table application_section (
  application_id uuid not null references application,
  section text not null check (section in ('contact', 'project', 'schedule', 'team', 'budget')),
  version integer not null default 1,
  content jsonb not null,
  saved_by uuid not null references account,
  saved_at timestamptz not null default now(),
  primary key (application_id, section)
);
comment on table application_section is '申請の下書き（区分ごと） 区分:個人';
comment on column application_section.application_id is '申請 区分:非個人';
comment on column application_section.section is '区分の名（contact、project、schedule、team、budget） 区分:非個人';
comment on column application_section.version is '版（ほかの人の保存に気づくため） 区分:非個人';
comment on column application_section.content is '入力した内容 区分:個人';
comment on column application_section.saved_by is '保存した人 区分:個人';
comment on column application_section.saved_at is '保存時刻 単位:時点 区分:非個人';
create index application_section_saved_by on application_section (saved_by);
select portal.guard('application_section');

create table budget_line (
  application_id uuid not null references application,
  position integer not null check (position between 0 and 199),
  side text not null check (side in ('income', 'expense')),
  category_id uuid not null references cost_category,
  item text not null check (length(item) between 1 and 100),
  amount_yen bigint not null check (amount_yen between 0 and 999999999999),
  basis text not null default '' check (length(basis) <= 300),
  primary key (application_id, side, position)
);
comment on table budget_line is '収支予算の行 区分:内部';
comment on column budget_line.application_id is '申請 区分:非個人';
comment on column budget_line.position is '並び順 区分:非個人';
comment on column budget_line.side is '収入か支出か 区分:内部';
comment on column budget_line.category_id is '区分 区分:内部';
comment on column budget_line.item is '内容 区分:内部';
comment on column budget_line.amount_yen is '金額 単位:円 区分:内部';
comment on column budget_line.basis is '積算の根拠 区分:内部';
create index budget_line_category on budget_line (category_id);
select portal.guard('budget_line');

create table application_file (
  application_id uuid not null references application,
  file_id uuid not null unique references stored_file,
  paper_id uuid not null references required_paper,
  added_by uuid not null references account,
  added_at timestamptz not null default now(),
  primary key (application_id, file_id)
);
comment on table application_file is '申請の添付ファイル 区分:個人';
comment on column application_file.application_id is '申請 区分:非個人';
comment on column application_file.file_id is 'ファイル 区分:個人';
comment on column application_file.paper_id is 'どの書類か 区分:内部';
comment on column application_file.added_by is '添付した人 区分:個人';
comment on column application_file.added_at is '添付時刻 単位:時点 区分:非個人';
create index application_file_paper on application_file (paper_id);
create index application_file_added_by on application_file (added_by);
select portal.guard('application_file');

create table submission (
  id uuid primary key default uuidv7(),
  application_id uuid not null references application,
  round integer not null check (round >= 1),
  snapshot text not null,
  snapshot_sha256 text not null check (snapshot_sha256 ~ '^[0-9a-f]{64}$'),
  submitted_by uuid not null references account,
  submitted_at timestamptz not null default now(),
  unique (application_id, round)
);
comment on table submission is '提出の写し（提出・補正のたびに1行。変更できない） 区分:個人';
comment on column submission.id is '識別番号 区分:非個人';
comment on column submission.application_id is '申請 区分:非個人';
comment on column submission.round is '何回目の提出か 区分:内部';
comment on column submission.snapshot is '提出時の全回答と書類の一覧（JSON 文字列） 区分:個人';
comment on column submission.snapshot_sha256 is '写しの SHA-256 区分:内部';
comment on column submission.submitted_by is '提出した人 区分:個人';
comment on column submission.submitted_at is '提出時刻（サーバーの時計） 単位:時点 区分:内部';
create index submission_submitted_by on submission (submitted_by);
select portal.guard('submission');
select portal.append_only('submission');

create table submission_file (
  submission_id uuid not null references submission,
  file_id uuid not null references stored_file,
  primary key (submission_id, file_id)
);
comment on table submission_file is '提出に含まれたファイル（取り消せない） 区分:個人';
comment on column submission_file.submission_id is '提出 区分:非個人';
comment on column submission_file.file_id is 'ファイル 区分:個人';
create index submission_file_file on submission_file (file_id);
select portal.guard('submission_file');
select portal.append_only('submission_file');

create table submission_document (
  submission_id uuid primary key references submission,
  file_id uuid not null references stored_file,
  created_at timestamptz not null default now()
);
comment on table submission_document is '提出した内容の PDF（一度作ったら変えない） 区分:個人';
comment on column submission_document.submission_id is '提出 区分:非個人';
comment on column submission_document.file_id is 'ファイル 区分:個人';
comment on column submission_document.created_at is '作成時刻 単位:時点 区分:非個人';
create index submission_document_file on submission_document (file_id);
select portal.guard('submission_document');
select portal.append_only('submission_document');

create table correction_request (
  id uuid primary key default uuidv7(),
  application_id uuid not null references application,
  requested_by uuid not null references account,
  requested_at timestamptz not null default now(),
  due_on date not null,
  message text not null default '' check (length(message) <= 1000),
  answered_by_submission uuid references submission,
  cancelled_at timestamptz
);
comment on table correction_request is '補正の依頼 区分:内部';
comment on column correction_request.id is '識別番号 区分:非個人';
comment on column correction_request.application_id is '申請 区分:非個人';
comment on column correction_request.requested_by is '依頼した職員 区分:内部';
comment on column correction_request.requested_at is '依頼時刻 単位:時点 区分:内部';
comment on column correction_request.due_on is '補正の期限 単位:日 区分:内部';
comment on column correction_request.message is '全体への説明 区分:内部';
comment on column correction_request.answered_by_submission is '補正した提出 区分:内部';
comment on column correction_request.cancelled_at is '依頼を取り消した時刻 単位:時点 区分:内部';
create unique index correction_request_open on correction_request (application_id) where answered_by_submission is null and cancelled_at is null;
create index correction_request_application on correction_request (application_id, id);
create index correction_request_requested_by on correction_request (requested_by);
create index correction_request_answer on correction_request (answered_by_submission);
select portal.guard('correction_request');

create table correction_item (
  request_id uuid not null references correction_request,
  section text not null check (section in ('organisation', 'contact', 'project', 'schedule', 'team', 'budget', 'papers')),
  reason text not null check (length(reason) between 1 and 1000),
  primary key (request_id, section)
);
comment on table correction_item is '補正する箇所と理由 区分:内部';
comment on column correction_item.request_id is '補正の依頼 区分:非個人';
comment on column correction_item.section is '直せるようにする区分 区分:内部';
comment on column correction_item.reason is '理由 区分:内部';
select portal.guard('correction_item');

-- migrate:down
drop table correction_item, correction_request, submission_document, submission_file, submission, application_file, budget_line, application_section, application;
