-- migrate:up

-- Machinery that every later table stands on: who writes (guard), what changed (audit), and what was already done (idempotency).
create schema portal;
comment on schema portal is '仕組み用の関数。業務の表は public にある';

-- The role the web server runs as. It owns nothing, so it can neither change tables nor switch a trigger off.
do $$ begin
  if not exists (select from pg_roles where rolname = 'portal_app') then
    create role portal_app nologin;
  end if;
end $$;

create function portal.refuse_unattributed_write() returns trigger language plpgsql as $$
begin
  -- A statement that strayed outside transaction(actor, …) has no actor and must not write at all.
  if coalesce(current_setting('portal.actor', true), '') = '' then
    raise exception 'write to % without an actor', tg_table_name using errcode = 'PT001';
  end if;
  if tg_argv[0] = 'audited' then
    perform set_config('portal.unaudited', tg_table_name, true);
  end if;
  return null;
end $$;
comment on function portal.refuse_unattributed_write() is '操作者のない書込みを拒む';

create function portal.guard(tbl regclass, audited boolean default true) returns void language plpgsql as $$
begin
  execute format('create trigger guard after insert or update or delete on %s for each statement execute function portal.refuse_unattributed_write(%L)',
    tbl, case when audited then 'audited' else 'operational' end);
  execute format('grant select, insert, update, delete on %s to portal_app', tbl);
end $$;
comment on function portal.guard(regclass, boolean) is '表に操作者の確認を付け、実行役割に権限を渡す';

create function portal.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'PT002';
end $$;
comment on function portal.refuse_change() is '追記専用の表の変更・削除を拒む';

create function portal.append_only(tbl regclass) returns void language plpgsql as $$
begin
  execute format('create trigger append_only_row before update or delete on %s for each row execute function portal.refuse_change()', tbl);
  execute format('create trigger append_only_table before truncate on %s for each statement execute function portal.refuse_change()', tbl);
  execute format('revoke update, delete, truncate on %s from portal_app', tbl);
end $$;
comment on function portal.append_only(regclass) is '表を追記専用にする（所有者も変更できない）';

create function portal.assert_audited() returns void language plpgsql as $$
begin
  if coalesce(current_setting('portal.unaudited', true), '') <> '' then
    raise exception 'change of % left no audit row', current_setting('portal.unaudited') using errcode = 'PT003';
  end if;
end $$;
comment on function portal.assert_audited() is '監査記録のない変更を含む取引を拒む（COMMIT の直前に呼ぶ）';

create table audit_head (
  only_row boolean primary key default true check (only_row),
  seq bigint not null,
  hash bytea not null check (length(hash) = 32)
);
comment on table audit_head is '監査記録の先頭（最後の番号とハッシュ） 区分:非個人';
comment on column audit_head.only_row is '常に1行 区分:非個人';
comment on column audit_head.seq is '最後の通し番号 区分:非個人';
comment on column audit_head.hash is '最後のハッシュ（SHA-256） 区分:非個人';
insert into audit_head (seq, hash) values (0, sha256('kyodo-portal audit'::bytea));

create table audit_entry (
  seq bigint primary key,
  at timestamptz not null,
  actor text not null,
  on_behalf_of uuid,
  request_id text,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  before text,
  after text,
  prev_hash bytea not null,
  hash bytea not null
);
comment on table audit_entry is '監査記録（追記専用・ハッシュ連鎖） 区分:個人';
comment on column audit_entry.seq is '通し番号（欠番なし） 区分:非個人';
comment on column audit_entry.at is '記録した時刻 単位:時点 区分:非個人';
comment on column audit_entry.actor is '操作者（account:ID、system:名、visitor） 区分:個人';
comment on column audit_entry.on_behalf_of is 'どの団体のために行ったか 区分:非個人';
comment on column audit_entry.request_id is '要求の識別番号 区分:非個人';
comment on column audit_entry.action is '行為の名（application.submit など） 区分:非個人';
comment on column audit_entry.subject_kind is '対象の種類 区分:非個人';
comment on column audit_entry.subject_id is '対象の識別番号 区分:非個人';
comment on column audit_entry.before is '変更前（正規化した文字列） 区分:個人';
comment on column audit_entry.after is '変更後（正規化した文字列） 区分:個人';
comment on column audit_entry.prev_hash is '一つ前のハッシュ 区分:非個人';
comment on column audit_entry.hash is 'この行のハッシュ（SHA-256） 区分:非個人';
create index audit_entry_subject on audit_entry (subject_kind, subject_id, seq);
create index audit_entry_actor on audit_entry (actor, seq);

create function portal.audit_field(value text) returns text immutable language sql as $$
  select case when value is null then '-;' else octet_length(convert_to(value, 'UTF8'))::text || ':' || value || ';' end
$$;
comment on function portal.audit_field(text) is '監査の正規形: 長さ:値; の並び（区切り文字の偽装ができない）';

create function portal.chain_audit_entry() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare head audit_head;
begin
  select * into head from audit_head for update;
  new.seq := head.seq + 1;
  new.at := clock_timestamp();
  new.prev_hash := head.hash;
  new.hash := sha256(head.hash || convert_to(
    portal.audit_field(new.seq::text) ||
    portal.audit_field(to_char(new.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) ||
    portal.audit_field(new.actor) || portal.audit_field(new.on_behalf_of::text) || portal.audit_field(new.request_id) ||
    portal.audit_field(new.action) || portal.audit_field(new.subject_kind) || portal.audit_field(new.subject_id) ||
    portal.audit_field(new.before) || portal.audit_field(new.after), 'UTF8'));
  update audit_head set seq = new.seq, hash = new.hash;
  perform set_config('portal.unaudited', '', true);
  return new;
end $$;
comment on function portal.chain_audit_entry() is '通し番号・時刻・ハッシュを付ける';
create trigger chain before insert on audit_entry for each row execute function portal.chain_audit_entry();

create function portal.refuse_direct_head_change() returns trigger language plpgsql as $$
begin
  if pg_trigger_depth() < 2 then raise exception 'audit_head is moved only by audit_entry' using errcode = 'PT002'; end if;
  return new;
end $$;
comment on function portal.refuse_direct_head_change() is '監査の先頭を直接動かさせない';
create trigger only_by_chain before insert or update on audit_head for each row execute function portal.refuse_direct_head_change();
create trigger never_gone before delete or truncate on audit_head for each statement execute function portal.refuse_change();
create trigger guard after insert on audit_entry for each statement execute function portal.refuse_unattributed_write('operational');
grant select, insert on audit_entry to portal_app;
grant select on audit_head to portal_app;
select portal.append_only('audit_entry');

create table idempotency_key (
  action text not null check (length(action) between 1 and 100),
  key text not null check (length(key) between 8 and 200),
  actor text not null,
  result text,
  created_at timestamptz not null default now(),
  primary key (action, key)
);
comment on table idempotency_key is '二重送信の防止（同じ鍵の操作は一度だけ効く） 区分:非個人';
comment on column idempotency_key.action is '行為の名 区分:非個人';
comment on column idempotency_key.key is '画面ごとに作る鍵 区分:非個人';
comment on column idempotency_key.actor is '操作者 区分:個人';
comment on column idempotency_key.result is '最初の結果（JSON） 区分:個人';
comment on column idempotency_key.created_at is '作成時刻 単位:時点 区分:非個人';
create index idempotency_key_created on idempotency_key (created_at);
select portal.guard('idempotency_key', false);

grant usage on schema public, portal to portal_app;
grant execute on all functions in schema portal to portal_app;

-- migrate:down
drop table idempotency_key, audit_entry, audit_head;
drop schema portal cascade;
