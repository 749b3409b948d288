-- migrate:up

-- Uploaded files and issued letters. They live in the database so that a backup, a restore and a rollback take the
-- bytes and the rows that speak of them together; one module (src/lib/files) stands in front, so this can change.
create table stored_file (
  id uuid primary key default uuidv7(),
  -- No foreign key: files stand below organisations. A file of the city itself has none.
  organisation_id uuid,
  uploaded_by text not null check (length(uploaded_by) between 1 and 100),
  purpose text not null check (purpose ~ '^[a-z][a-z_]{1,39}$'),
  original_name text not null check (length(original_name) between 1 and 255 and original_name !~ '[[:cntrl:]/\\]'),
  media_type text not null check (media_type in ('application/pdf', 'image/jpeg', 'image/png')),
  bytes_count integer not null check (bytes_count between 1 and 10485760),
  sha256 bytea not null check (length(sha256) = 32),
  original_sha256 bytea check (length(original_sha256) = 32),
  pages integer check (pages between 1 and 100000),
  created_at timestamptz not null default now()
);
comment on table stored_file is 'ファイルの台帳（中身は file_content） 区分:個人';
comment on column stored_file.id is '識別番号 区分:非個人';
comment on column stored_file.organisation_id is '持ち主の団体（市のものは空） 区分:非個人';
comment on column stored_file.uploaded_by is '保存した操作者（account:ID、system:名） 区分:個人';
comment on column stored_file.purpose is '使い道の名（application、letter など） 区分:非個人';
comment on column stored_file.original_name is '付けられていた名前（制御文字などを除く） 区分:個人';
comment on column stored_file.media_type is '中身の種類（中身から判定） 区分:非個人';
comment on column stored_file.bytes_count is '大きさ 単位:バイト 区分:非個人';
comment on column stored_file.sha256 is '保存した中身の SHA-256 区分:非個人';
comment on column stored_file.original_sha256 is '描き直す前に送られた中身の SHA-256（描き直したときだけ） 区分:非個人';
comment on column stored_file.pages is 'ページ数（PDF だけ） 単位:ページ 区分:非個人';
comment on column stored_file.created_at is '保存した時刻 単位:時点 区分:非個人';
create index stored_file_organisation on stored_file (organisation_id, created_at, id);
create index stored_file_created on stored_file (created_at, id);

create table file_content (
  file_id uuid primary key references stored_file on delete cascade,
  -- Already compressed formats: trying again costs time and gains nothing.
  bytes bytea storage external not null
);
comment on table file_content is 'ファイルの中身 区分:機微';
comment on column file_content.file_id is 'ファイル 区分:非個人';
comment on column file_content.bytes is '中身（口座の写しなども含む） 区分:機微';

select portal.guard('stored_file');
-- Its hash stands in stored_file, whose every change is audited.
select portal.guard('file_content', false);
-- A file never changes: a new version is a new file. The right itself stays, because locking a row (FOR SHARE) needs it.
create trigger never_changed before update on stored_file for each row execute function portal.refuse_change();
create trigger never_changed before update on file_content for each row execute function portal.refuse_change();

-- migrate:down
drop table file_content, stored_file;
