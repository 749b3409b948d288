-- migrate:up

-- A value sealed with the portal's key (settings/sealing.server.ts), which the database never sees. The type keeps open
-- values out of such columns, and tells `npm start` where to look for keys that are still needed.
create domain portal.sealed as text check (length(value) between 42 and 8020 and value ~ '^s1\.[a-z0-9]{1,16}\.[A-Za-z0-9_-]+$');
comment on domain portal.sealed is '封をした値（s1.鍵の名.中身）。鍵はデータベースの外にある';

-- The second step of a log-in: a code that changes every 30 seconds (RFC 6238).
create table second_factor (
  account_id uuid primary key references account,
  sealed_secret portal.sealed not null,
  last_step bigint not null check (last_step >= 0),
  codes_made_at timestamptz not null,
  enrolled_at timestamptz not null
);
comment on table second_factor is '2段階認証（認証アプリ）の設定 区分:個人';
comment on column second_factor.account_id is '利用者 区分:個人';
comment on column second_factor.sealed_secret is '認証アプリと分け合う秘密（封をしてある） 出典:RFC 6238 区分:機微';
comment on column second_factor.last_step is '最後に使った確認コードの時間枠（30秒ごとの番号。同じ枠は二度使えない） 単位:30秒 区分:内部';
comment on column second_factor.codes_made_at is 'いまの回復コードを作った時刻 単位:時点 区分:内部';
comment on column second_factor.enrolled_at is '設定した時刻 単位:時点 区分:内部';
select portal.guard('second_factor');

create table recovery_code (
  account_id uuid not null references second_factor,
  code_hash text not null check (code_hash ~ '^[0-9a-f]{64}$'),
  used_at timestamptz,
  primary key (account_id, code_hash)
);
comment on table recovery_code is '回復コード（認証アプリを使えないとき、1個1回だけ） 区分:個人';
comment on column recovery_code.account_id is '利用者 区分:個人';
comment on column recovery_code.code_hash is '回復コードのSHA-256（16進64桁。元は120ビットの乱数） 区分:内部';
comment on column recovery_code.used_at is '使った時刻 単位:時点 区分:内部';
select portal.guard('recovery_code');

alter table session add column second_step_at timestamptz;
comment on column session.second_step_at is '2段階目を確かめた時刻（空はまだ） 単位:時点 区分:内部';

-- migrate:down
alter table session drop column second_step_at;
drop table recovery_code, second_factor;
drop domain portal.sealed;
