-- migrate:up

create extension if not exists btree_gist;

-- Who may sign in. A name is kept exactly as typed; only the address has a folded twin, for finding it again.
create table account (
  id uuid primary key default uuidv7(),
  email text not null check (length(email) between 3 and 254),
  email_folded text not null constraint account_email_once unique,
  name text not null check (length(name) between 1 and 100),
  kana text check (length(kana) between 1 and 200),
  password_hash text not null check (password_hash like '$argon2id$%'),
  password_changed_at timestamptz not null default now(),
  disabled_at timestamptz,
  demo boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint account_email_is_ascii check (email ~ '^[!-~]+@[!-~]+$'),
  constraint account_email_folded_is_lower check (email_folded = lower(email))
);
comment on table account is '利用者（ログインする人） 区分:個人';
comment on column account.id is '識別番号 区分:非個人';
comment on column account.email is 'メールアドレス（入力のまま） 区分:個人';
comment on column account.email_folded is 'メールアドレス（小文字にそろえたもの。照合用） 区分:個人';
comment on column account.name is '氏名（入力のまま。字形を変えない） 区分:個人';
comment on column account.kana is '氏名フリガナ 区分:個人';
comment on column account.password_hash is 'パスワードのハッシュ（argon2id） 区分:機微';
comment on column account.password_changed_at is 'パスワードを決めた時刻 単位:時点 区分:内部';
comment on column account.disabled_at is '利用を止めた時刻 単位:時点 区分:内部';
comment on column account.demo is '架空の見本の利用者か 区分:非個人';
comment on column account.created_at is '登録時刻 単位:時点 区分:非個人';
comment on column account.updated_at is '更新時刻 単位:時点 区分:非個人';
select portal.guard('account');

-- What a person may do for the city. to_on is the first day without the role, so a role ended today bites at once.
create table staff_role (
  id uuid primary key default uuidv7(),
  account_id uuid not null references account,
  role text not null check (role in ('committee', 'officer', 'approver', 'accountant', 'administrator', 'auditor')),
  from_on date not null,
  to_on date,
  granted_by uuid references account,
  created_at timestamptz not null default now(),
  constraint staff_role_term check (to_on is null or to_on >= from_on),
  constraint staff_role_once exclude using gist (account_id with =, role with =, daterange(from_on, to_on, '[)') with &&)
);
comment on table staff_role is '役割（審査委員・担当者・決裁者・出納・管理者・監査）と期間 区分:内部';
comment on column staff_role.id is '識別番号 区分:非個人';
comment on column staff_role.account_id is '利用者 区分:個人';
comment on column staff_role.role is '役割（committee=審査委員、officer=担当者、approver=決裁者、accountant=出納、administrator=管理者、auditor=監査） 区分:内部';
comment on column staff_role.from_on is '始まりの日 単位:日 区分:内部';
comment on column staff_role.to_on is '終わりの日（この日から効かない。空は期限なし） 単位:日 区分:内部';
comment on column staff_role.granted_by is '役割を与えた利用者（空は初期設定） 区分:個人';
comment on column staff_role.created_at is '登録時刻 単位:時点 区分:非個人';
create index staff_role_granted_by on staff_role (granted_by);
create index staff_role_role on staff_role (role, from_on);
select portal.guard('staff_role');

-- Nothing below can be replayed by a reader of the database: of every secret only its SHA-256 is kept.
create table session (
  id text primary key check (id ~ '^[0-9a-f]{64}$'),
  account_id uuid not null references account,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  fresh_auth_at timestamptz not null,
  user_agent text not null default '' check (length(user_agent) <= 60)
);
comment on table session is 'ログイン中の状態 区分:個人';
comment on column session.id is '秘密のSHA-256（16進64桁） 区分:内部';
comment on column session.account_id is '利用者 区分:個人';
comment on column session.created_at is 'ログインした時刻 単位:時点 区分:内部';
comment on column session.last_seen_at is '最後に使った時刻（1分ごとに更新） 単位:時点 区分:個人';
comment on column session.expires_at is '使っていても終わる時刻 単位:時点 区分:内部';
comment on column session.fresh_auth_at is '最後にパスワードを確かめた時刻 単位:時点 区分:内部';
comment on column session.user_agent is '端末の種類（短い要約） 区分:個人';
create index session_account on session (account_id, last_seen_at);
create index session_expires on session (expires_at);
select portal.guard('session', false);

create table known_device (
  id text not null check (id ~ '^[0-9a-f]{64}$'),
  account_id uuid not null references account,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (id, account_id)
);
comment on table known_device is 'ログインしたことのある端末（他人の失敗で本人が締め出されないため） 区分:個人';
comment on column known_device.id is '端末の秘密のSHA-256（16進64桁） 区分:内部';
comment on column known_device.account_id is '利用者 区分:個人';
comment on column known_device.created_at is '初めてログインした時刻 単位:時点 区分:個人';
comment on column known_device.last_used_at is '最後にログインした時刻 単位:時点 区分:個人';
comment on column known_device.expires_at is '覚えておく期限 単位:時点 区分:内部';
create index known_device_account on known_device (account_id, last_used_at);
create index known_device_expires on known_device (expires_at);
select portal.guard('known_device', false);

create table account_token (
  id uuid primary key default uuidv7(),
  token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  purpose text not null check (purpose in ('sign_up', 'reset', 'email_change')),
  account_id uuid references account,
  email text not null check (length(email) between 3 and 254),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint account_token_owner check ((account_id is null) = (purpose = 'sign_up')),
  constraint account_token_life check (expires_at <= created_at + case purpose when 'sign_up' then interval '24 hours' when 'email_change' then interval '1 hour' else interval '15 minutes' end)
);
comment on table account_token is 'メールで送る一度だけの合言葉 区分:個人';
comment on column account_token.id is '識別番号 区分:非個人';
comment on column account_token.token_hash is '合言葉のSHA-256（16進64桁） 区分:内部';
comment on column account_token.purpose is '用途（sign_up=登録、reset=パスワードの再設定、email_change=アドレスの変更） 区分:内部';
comment on column account_token.account_id is '利用者（登録のときは空） 区分:個人';
comment on column account_token.email is '送り先（変更のときは新しいアドレス） 区分:個人';
comment on column account_token.created_at is '作成時刻 単位:時点 区分:非個人';
comment on column account_token.expires_at is '期限 単位:時点 区分:非個人';
comment on column account_token.used_at is '使った、または無効にした時刻 単位:時点 区分:非個人';
create index account_token_account on account_token (account_id, purpose);
create index account_token_expires on account_token (expires_at);
select portal.guard('account_token', false);

-- A normal table, not an unlogged one: counters must survive a crash, or a crash becomes a way past them.
create table throttle (
  key text primary key check (key ~ '^[0-9a-f]{64}$'),
  count integer not null check (count >= 0),
  window_ends_at timestamptz not null
);
comment on table throttle is '試行の回数（ログイン・メール送信の制限） 区分:内部';
comment on column throttle.key is '数える対象のSHA-256（アドレスや接続元をそのまま持たない） 区分:内部';
comment on column throttle.count is '回数 単位:回 区分:内部';
comment on column throttle.window_ends_at is '数え直す時刻 単位:時点 区分:非個人';
create index throttle_window on throttle (window_ends_at);
select portal.guard('throttle', false);

-- migrate:down
drop table throttle, account_token, known_device, session, staff_role, account;
