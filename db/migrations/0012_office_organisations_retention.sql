-- migrate:up

-- Finding a group by any part of its name. pg_trgm sees no letters in Japanese under the builtin locale and nothing in
-- two characters under any, so the index holds every character and every pair of neighbours instead.
create function portal.search_text(typed text) returns text immutable parallel safe
return lower(translate(typed, E' \u3000\t', ''));
comment on function portal.search_text(text) is '検索のための形: 空白を除き、小文字にそろえる（保存する字は変えない）';

create function portal.search_grams(typed text) returns text[] immutable parallel safe
return (
  select coalesce(array_agg(distinct gram), '{}')
  from (select portal.search_text(typed) as whole) text
  cross join lateral generate_series(1, char_length(whole)) as at
  cross join lateral (values (substr(whole, at, 1)), (substr(whole, at, 2))) as grams (gram));
comment on function portal.search_grams(text) is '検索のための1文字と2文字の並び';

create function portal.search_keys(typed text) returns text[] immutable parallel safe
return (select coalesce(array_agg(distinct substr(whole, at, 2)), '{}') from (select portal.search_text(typed) as whole) text
  cross join lateral generate_series(1, greatest(char_length(whole) - 1, 1)) as at);
comment on function portal.search_keys(text) is '探す言葉のうち索引で見るもの（2文字の並び。1文字だけならその字）';

create function portal.organisation_words(name text, name_kana text, representative_name text) returns text immutable parallel safe
return name || E'\n' || name_kana || E'\n' || representative_name;
comment on function portal.organisation_words(text, text, text) is '団体を探すときに見る言葉（名前・フリガナ・代表者の氏名）';

-- Stored, so that no search ever computes it for rows it only passes by.
alter table organisation add column grams text[] not null generated always as (portal.search_grams(portal.organisation_words(name, name_kana, representative_name))) stored;
comment on column organisation.grams is '検索のための1文字と2文字の並び（名前・フリガナ・代表者の氏名から作る） 区分:個人';
create index organisation_grams on organisation using gin (grams) with (fastupdate = off);
create index organisation_kana on organisation (name_kana, id);

-- The office may act where nobody in the group can: the representative died or moved away without handing over.
create table representative_succession (
  id uuid primary key default uuidv7(),
  organisation_id uuid not null references organisation,
  former_member_id uuid references organisation_member,
  former_to_on date,
  reason text not null check (reason in ('deceased', 'moved', 'resigned', 'unreachable', 'other')),
  reason_note text not null default '' check (length(reason_note) <= 500),
  proof text not null check (proof in ('identity_document', 'assembly_minutes', 'group_notice', 'other')),
  proof_note text not null check (length(proof_note) between 1 and 500),
  effective_on date not null,
  requested_by uuid not null references account,
  requested_at timestamptz not null default now(),
  open_until timestamptz not null,
  successor_member_id uuid references organisation_member,
  accepted_at timestamptz,
  cancelled_by uuid references account,
  cancelled_at timestamptz,
  constraint representative_succession_reason check (reason <> 'other' or reason_note <> ''),
  constraint representative_succession_end check (accepted_at is null or cancelled_at is null),
  constraint representative_succession_accepted check ((accepted_at is null) = (successor_member_id is null)),
  constraint representative_succession_cancelled check ((cancelled_at is null) = (cancelled_by is null)),
  constraint representative_succession_window check (open_until > requested_at),
  -- One at a time. What lapsed without an answer makes room by itself.
  constraint representative_succession_once exclude using gist (organisation_id with =, tstzrange(requested_at, open_until) with &&) where (accepted_at is null and cancelled_at is null)
);
comment on table representative_succession is '役所による代表者の交代（引き継げない事情があるとき） 区分:個人';
comment on column representative_succession.id is '識別番号 区分:非個人';
comment on column representative_succession.organisation_id is '団体 区分:非個人';
comment on column representative_succession.former_member_id is 'これまでの代表者の任期（いなければ空） 区分:個人';
comment on column representative_succession.former_to_on is '交代の前に決まっていた、これまでの代表者の任期の終わり 単位:日 区分:内部';
comment on column representative_succession.reason is '理由（deceased=逝去、moved=転出、resigned=退任、unreachable=連絡がつかない、other=そのほか） 区分:機微';
comment on column representative_succession.reason_note is '理由の説明 区分:機微';
comment on column representative_succession.proof is '確かめた方法（identity_document=本人確認書類、assembly_minutes=総会の議事録、group_notice=団体からの届出、other=そのほか） 区分:内部';
comment on column representative_succession.proof_note is '確かめた内容 区分:個人';
comment on column representative_succession.effective_on is '交代する日（これまでの代表者はこの日から権限がない） 単位:日 区分:内部';
comment on column representative_succession.requested_by is '手続きをした職員 区分:内部';
comment on column representative_succession.requested_at is '手続きをした時刻 単位:時点 区分:内部';
comment on column representative_succession.open_until is '招待に答えられる期限 単位:時点 区分:内部';
comment on column representative_succession.successor_member_id is '新しい代表者の任期 区分:個人';
comment on column representative_succession.accepted_at is '新しい代表者が承諾した時刻 単位:時点 区分:内部';
comment on column representative_succession.cancelled_by is '取りやめた職員 区分:内部';
comment on column representative_succession.cancelled_at is '取りやめた時刻 単位:時点 区分:内部';
create index representative_succession_organisation on representative_succession (organisation_id, id);
create index representative_succession_former on representative_succession (former_member_id);
create index representative_succession_successor on representative_succession (successor_member_id);
create index representative_succession_requested_by on representative_succession (requested_by);
create index representative_succession_cancelled_by on representative_succession (cancelled_by);
select portal.guard('representative_succession');

alter table organisation_invitation add column succession_id uuid references representative_succession;
comment on column organisation_invitation.succession_id is '役所による代表者の交代の招待のとき、その交代 区分:内部';
create index organisation_invitation_succession on organisation_invitation (succession_id);
-- Which invitations nobody can answer any more, and since when.
create index organisation_invitation_over on organisation_invitation (least(expires_at, accepted_at, cancelled_at));

create table membership_ending (
  id uuid primary key default uuidv7(),
  member_id uuid not null references organisation_member,
  to_on date not null,
  reason text not null check (reason in ('deceased', 'moved', 'resigned', 'unreachable', 'other')),
  reason_note text not null default '' check (length(reason_note) <= 500),
  proof text not null check (proof in ('identity_document', 'assembly_minutes', 'group_notice', 'other')),
  proof_note text not null check (length(proof_note) between 1 and 500),
  ended_by uuid not null references account,
  ended_at timestamptz not null default now(),
  constraint membership_ending_reason check (reason <> 'other' or reason_note <> '')
);
comment on table membership_ending is '役所が任期を終えた記録（変更できない） 区分:個人';
comment on column membership_ending.id is '識別番号 区分:非個人';
comment on column membership_ending.member_id is '終えた任期 区分:個人';
comment on column membership_ending.to_on is '任期の終わり（この日から権限がない） 単位:日 区分:内部';
comment on column membership_ending.reason is '理由（representative_succession.reason と同じ） 区分:機微';
comment on column membership_ending.reason_note is '理由の説明 区分:機微';
comment on column membership_ending.proof is '確かめた方法（representative_succession.proof と同じ） 区分:内部';
comment on column membership_ending.proof_note is '確かめた内容 区分:個人';
comment on column membership_ending.ended_by is '終えた職員 区分:内部';
comment on column membership_ending.ended_at is '終えた時刻 単位:時点 区分:内部';
create index membership_ending_member on membership_ending (member_id);
create index membership_ending_ended_by on membership_ending (ended_by);
select portal.guard('membership_ending');
select portal.append_only('membership_ending');

-- A mail whose time is over keeps its key, so that it is never written a second time, and loses whom and what it said.
alter table mail_outbox add column erased_at timestamptz;
comment on column mail_outbox.erased_at is '宛先と本文を消した時刻 単位:時点 区分:非個人';
alter table mail_outbox alter column to_address drop not null;
alter table mail_outbox drop constraint mail_outbox_check1;
alter table mail_outbox add constraint mail_outbox_content check (
  case when erased_at is null then to_address is not null and (body is not null or secret_until is not null)
  else to_address is null and body is null and last_error is null and (sent_at is not null or gave_up_at is not null) end);
comment on column mail_outbox.to_address is '宛先（保存の期間が過ぎたら消す） 区分:個人';
create index mail_outbox_over on mail_outbox (coalesce(sent_at, gave_up_at), id) where erased_at is null and coalesce(sent_at, gave_up_at) is not null;

-- Who is told before a draft goes. A round whose window was moved is told of again.
create table draft_notice (
  application_id uuid primary key references application,
  closes_at timestamptz not null,
  told_at timestamptz not null default now(),
  told integer not null check (told >= 0),
  remove_on date not null
);
comment on table draft_notice is '提出しなかった下書きを消す予告 区分:内部';
comment on column draft_notice.application_id is '下書き 区分:非個人';
comment on column draft_notice.closes_at is '予告したときの受付終了 単位:時点 区分:内部';
comment on column draft_notice.told_at is '予告した時刻 単位:時点 区分:内部';
comment on column draft_notice.told is '知らせた人数 単位:人 区分:内部';
comment on column draft_notice.remove_on is '消してよくなる日 単位:日 区分:内部';
select portal.guard('draft_notice');
create index application_never_sent on application (edition_id, id) where submitted_at is null;

create table retention_run (
  id uuid primary key default uuidv7(),
  rule text not null check (rule ~ '^[a-z][a-z_]{1,39}$'),
  ran_on date not null default current_date,
  keep_days integer not null check (keep_days >= 1),
  dry boolean not null,
  found integer not null check (found >= 0),
  oldest_at timestamptz,
  removed integer not null default 0 check (removed >= 0),
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  failed_at timestamptz,
  constraint retention_run_dry check (not dry or removed = 0),
  constraint retention_run_end check (finished_at is null or failed_at is null),
  -- Once a day, whichever server comes first.
  constraint retention_run_daily unique (rule, ran_on)
);
comment on table retention_run is '保存期間が過ぎたものを片付けた記録 区分:内部';
comment on column retention_run.id is '識別番号 区分:非個人';
comment on column retention_run.rule is '決まりの名 区分:非個人';
comment on column retention_run.ran_on is '行った日 単位:日 区分:非個人';
comment on column retention_run.keep_days is 'そのときの保存日数 単位:日 区分:非個人';
comment on column retention_run.dry is '数えただけで消していないか（新しい決まりの最初の日） 区分:非個人';
comment on column retention_run.found is '期間が過ぎていた数（上限まで数える） 単位:件 区分:非個人';
comment on column retention_run.oldest_at is 'いちばん古いものの時刻 単位:時点 区分:非個人';
comment on column retention_run.removed is '片付けた数 単位:件 区分:非個人';
comment on column retention_run.started_at is '始めた時刻 単位:時点 区分:非個人';
comment on column retention_run.finished_at is '終えた時刻 単位:時点 区分:非個人';
comment on column retention_run.failed_at is '途中で止まった時刻 単位:時点 区分:非個人';
select portal.guard('retention_run', false);

-- Every foreign key that points at a table, read from the catalogue: a table of tomorrow is a reference without being
-- named here. `parts` are tables that live and go with the row itself.
create function portal.links_to(target regclass, parts regclass[]) returns table (child regclass, condition text) stable language sql as $$
  select c.conrelid::regclass, string_agg(format('l.%I = t.%I', own.attname, named.attname), ' and ' order by key.at)
  from pg_constraint c
  cross join lateral unnest(c.conkey, c.confkey) with ordinality as key (own, named, at)
  join pg_attribute own on own.attrelid = c.conrelid and own.attnum = key.own
  join pg_attribute named on named.attrelid = c.confrelid and named.attnum = key.named
  where c.contype = 'f' and c.confrelid = target and c.conrelid <> all (parts)
  group by c.oid, c.conrelid
$$;
comment on function portal.links_to(regclass, regclass[]) is 'ある表を参照するすべての外部キー（カタログから読む）';

-- With the owner's rights: a table whose rows portal_app may not read is a reference all the same.
create function portal.linked(target regclass, ids uuid[], parts regclass[]) returns setof uuid
stable security definer set search_path = public, pg_temp language plpgsql as $$
declare link record;
begin
  for link in select * from portal.links_to(target, parts) loop
    return query execute format('select t.id from %s t where t.id = any ($1) and exists (select from %s l where %s)', target, link.child, link.condition) using ids;
  end loop;
end $$;
comment on function portal.linked(regclass, uuid[], regclass[]) is '渡した行のうち、どこかの表が参照しているもの';

create function portal.unlinked_files(before timestamptz, most integer) returns table (id uuid, created_at timestamptz)
stable security definer set search_path = public, pg_temp language plpgsql as $$
declare nowhere text;
begin
  select coalesce(string_agg(format('and not exists (select from %s l where %s)', link.child, link.condition), ' '), '') into nowhere
  from portal.links_to('stored_file', array['file_content']::regclass[]) link;
  return query execute format('select t.id, t.created_at from stored_file t where t.created_at < $1 %s order by t.created_at, t.id limit $2', nowhere) using before, most;
end $$;
comment on function portal.unlinked_files(timestamptz, integer) is 'どの表からも参照されていない、古いファイル（古い順）';
grant execute on all functions in schema portal to portal_app;

-- migrate:down
drop function portal.unlinked_files(timestamptz, integer), portal.linked(regclass, uuid[], regclass[]), portal.links_to(regclass, regclass[]);
drop index application_never_sent, mail_outbox_over, organisation_invitation_over, organisation_invitation_succession;
drop table retention_run, draft_notice, membership_ending;
alter table mail_outbox drop constraint mail_outbox_content, drop column erased_at;
alter table mail_outbox add check (body is not null or secret_until is not null);
alter table organisation_invitation drop column succession_id;
drop table representative_succession;
alter table organisation drop column grams;
drop index organisation_kana;
drop function portal.organisation_words(text, text, text), portal.search_keys(text), portal.search_grams(text), portal.search_text(text);
