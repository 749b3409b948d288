-- migrate:up

create extension if not exists btree_gist;

create table organisation (
  id uuid primary key default uuidv7(),
  version integer not null default 1,
  kind text not null check (kind in ('civic_group', 'npo', 'association')),
  corporate_number text check (corporate_number ~ '^[0-9]{13}$'),
  name text not null check (length(name) between 1 and 100),
  name_kana text not null check (length(name_kana) between 1 and 200),
  representative_title text not null default '代表' check (length(representative_title) between 1 and 40),
  representative_name text not null check (length(representative_name) between 1 and 100),
  postal_code text not null check (postal_code ~ '^[0-9]{3}-[0-9]{4}$'),
  address text not null check (length(address) between 1 and 200),
  phone text not null default '' check (length(phone) <= 40),
  purpose text not null check (length(purpose) between 1 and 1000),
  founded_on date,
  members_count integer not null check (members_count between 1 and 100000),
  members_living integer not null check (members_living >= 0),
  members_working integer not null check (members_working >= 0),
  members_studying integer not null check (members_studying >= 0),
  district_id uuid references district,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint organisation_members_within check (members_living + members_working + members_studying <= members_count),
  constraint organisation_npo_number check (kind <> 'npo' or corporate_number is not null)
);
comment on table organisation is '団体（市民活動団体・NPO法人・自治会） 区分:内部';
comment on column organisation.id is '識別番号 区分:非個人';
comment on column organisation.version is '版（古い画面からの保存を断る） 区分:非個人';
comment on column organisation.kind is '団体の種類（civic_group=市民活動団体、npo=NPO法人、association=自治会） 区分:公開';
comment on column organisation.corporate_number is '法人番号（13桁） 出典:国税庁 区分:公開';
comment on column organisation.name is '団体名（入力のまま） 区分:公開';
comment on column organisation.name_kana is '団体名フリガナ 区分:公開';
comment on column organisation.representative_title is '代表者の役職 区分:内部';
comment on column organisation.representative_name is '代表者の氏名（入力のまま） 区分:個人';
comment on column organisation.postal_code is '郵便番号 区分:個人';
comment on column organisation.address is '所在地（入力のまま） 区分:個人';
comment on column organisation.phone is '電話番号 区分:個人';
comment on column organisation.purpose is '活動の目的 区分:公開';
comment on column organisation.founded_on is '設立日 単位:日 区分:公開';
comment on column organisation.members_count is '会員数 単位:人 区分:公開';
comment on column organisation.members_living is 'うち市内に住む人 単位:人 区分:内部';
comment on column organisation.members_working is 'うち市外に住み市内で働く人 単位:人 区分:内部';
comment on column organisation.members_studying is 'うち市外に住み市内で学ぶ人 単位:人 区分:内部';
comment on column organisation.district_id is '主に活動する地区 区分:公開';
comment on column organisation.created_at is '登録時刻 単位:時点 区分:非個人';
comment on column organisation.updated_at is '更新時刻 単位:時点 区分:非個人';
create index organisation_district on organisation (district_id);
create index organisation_name on organisation (name, id);
select portal.guard('organisation');

create table organisation_member (
  id uuid primary key default uuidv7(),
  organisation_id uuid not null references organisation,
  account_id uuid not null references account,
  role text not null check (role in ('representative', 'member')),
  from_on date not null,
  to_on date,
  created_at timestamptz not null default now(),
  constraint organisation_member_term check (to_on is null or to_on >= from_on),
  -- A person holds one role of a group at a time, and a group has one representative at a time.
  constraint organisation_member_once exclude using gist (organisation_id with =, account_id with =, daterange(from_on, to_on, '[)') with &&),
  constraint organisation_one_representative exclude using gist (organisation_id with =, daterange(from_on, to_on, '[)') with &&) where (role = 'representative')
);
comment on table organisation_member is '団体のために手続きをする人と任期 区分:個人';
comment on column organisation_member.id is '識別番号 区分:非個人';
comment on column organisation_member.organisation_id is '団体 区分:非個人';
comment on column organisation_member.account_id is '利用者 区分:個人';
comment on column organisation_member.role is '役割（representative=代表者、member=担当者） 区分:内部';
comment on column organisation_member.from_on is '任期の始まり 単位:日 区分:内部';
comment on column organisation_member.to_on is '任期の終わり（この日から権限がない） 単位:日 区分:内部';
comment on column organisation_member.created_at is '登録時刻 単位:時点 区分:非個人';
create index organisation_member_account on organisation_member (account_id);
create index organisation_member_organisation on organisation_member (organisation_id);
select portal.guard('organisation_member');

create table organisation_invitation (
  id uuid primary key default uuidv7(),
  organisation_id uuid not null references organisation,
  email text not null check (length(email) <= 254),
  role text not null check (role in ('representative', 'member')),
  token_hash text not null unique,
  invited_by uuid not null references account,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  cancelled_at timestamptz
);
comment on table organisation_invitation is '団体への招待 区分:個人';
comment on column organisation_invitation.id is '識別番号 区分:非個人';
comment on column organisation_invitation.organisation_id is '団体 区分:非個人';
comment on column organisation_invitation.email is '招待したメールアドレス 区分:個人';
comment on column organisation_invitation.role is '招待する役割 区分:内部';
comment on column organisation_invitation.token_hash is '招待の鍵の SHA-256 区分:機微';
comment on column organisation_invitation.invited_by is '招待した人 区分:個人';
comment on column organisation_invitation.created_at is '招待した時刻 単位:時点 区分:非個人';
comment on column organisation_invitation.expires_at is '期限 単位:時点 区分:非個人';
comment on column organisation_invitation.accepted_at is '承諾した時刻 単位:時点 区分:非個人';
comment on column organisation_invitation.cancelled_at is '取り消した時刻 単位:時点 区分:非個人';
create index organisation_invitation_organisation on organisation_invitation (organisation_id);
create index organisation_invitation_invited_by on organisation_invitation (invited_by);
select portal.guard('organisation_invitation');

create table organisation_paper (
  id uuid primary key default uuidv7(),
  organisation_id uuid not null references organisation,
  kind text not null check (kind in ('rules', 'member_list')),
  file_id uuid not null unique references stored_file,
  added_by uuid not null references account,
  added_at timestamptz not null default now(),
  replaced_at timestamptz
);
comment on table organisation_paper is '団体の書類（会則・会員名簿） 区分:個人';
comment on column organisation_paper.id is '識別番号 区分:非個人';
comment on column organisation_paper.organisation_id is '団体 区分:非個人';
comment on column organisation_paper.kind is '書類の種類（rules=会則、member_list=会員名簿） 区分:内部';
comment on column organisation_paper.file_id is 'ファイル 区分:個人';
comment on column organisation_paper.added_by is '登録した人 区分:個人';
comment on column organisation_paper.added_at is '登録時刻 単位:時点 区分:非個人';
comment on column organisation_paper.replaced_at is '差し替えた時刻 単位:時点 区分:非個人';
create unique index organisation_paper_current on organisation_paper (organisation_id, kind) where replaced_at is null;
create index organisation_paper_organisation on organisation_paper (organisation_id);
create index organisation_paper_added_by on organisation_paper (added_by);
select portal.guard('organisation_paper');

-- migrate:down
drop table organisation_paper, organisation_invitation, organisation_member, organisation;
