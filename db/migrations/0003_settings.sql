-- migrate:up

-- What makes this portal the portal of one municipality. Another municipality adopts it by changing these rows alone.
create table city_settings (
  only_row boolean primary key default true check (only_row),
  version integer not null default 1,
  portal_name text not null check (length(portal_name) between 1 and 60),
  city_name text not null check (length(city_name) between 1 and 40),
  city_code text not null default '' check (city_code ~ '^([0-9]{6})?$'),
  mayor_title text not null check (length(mayor_title) between 1 and 40),
  mayor_name text not null check (length(mayor_name) between 1 and 60),
  section_name text not null check (length(section_name) between 1 and 60),
  postal_code text not null default '' check (postal_code ~ '^([0-9]{3}-[0-9]{4})?$'),
  address text not null default '' check (length(address) <= 200),
  phone text not null check (length(phone) between 1 and 40),
  office_hours text not null check (length(office_hours) between 1 and 100),
  letterhead text not null default '' check (length(letterhead) <= 200),
  seal_omitted_text text not null default '（公印省略）' check (length(seal_omitted_text) <= 40),
  document_mark text not null check (length(document_mark) between 1 and 20),
  mail_sender_name text not null check (length(mail_sender_name) between 1 and 60),
  mail_sender_address text not null check (mail_sender_address ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  association_word text not null default '自治会' check (length(association_word) between 1 and 20),
  fiscal_year_start_month integer not null default 4 check (fiscal_year_start_month between 1 and 12),
  updated_at timestamptz not null default now()
);
comment on table city_settings is '自治体の設定（1行だけ） 区分:公開';
comment on column city_settings.only_row is '常に1行 区分:非個人';
comment on column city_settings.version is '版（古い画面からの保存を断る） 区分:非個人';
comment on column city_settings.portal_name is 'ポータルの名前 区分:公開';
comment on column city_settings.city_name is '自治体名 区分:公開';
comment on column city_settings.city_code is '全国地方公共団体コード（6桁） 出典:総務省 区分:公開';
comment on column city_settings.mayor_title is '首長の職名 区分:公開';
comment on column city_settings.mayor_name is '首長の氏名 区分:公開';
comment on column city_settings.section_name is '担当課名 区分:公開';
comment on column city_settings.postal_code is '役所の郵便番号 区分:公開';
comment on column city_settings.address is '役所の所在地 区分:公開';
comment on column city_settings.phone is '問い合わせの電話番号 区分:公開';
comment on column city_settings.office_hours is '受付時間 区分:公開';
comment on column city_settings.letterhead is '通知書の上に印刷する文言 区分:公開';
comment on column city_settings.seal_omitted_text is '公印省略の文言（空なら押印する） 出典:市の公印規程 区分:公開';
comment on column city_settings.document_mark is '文書番号の記号（環協 など） 出典:市の文書管理規程 区分:公開';
comment on column city_settings.mail_sender_name is 'メールの差出人名 区分:公開';
comment on column city_settings.mail_sender_address is 'メールの差出人アドレス 区分:公開';
comment on column city_settings.association_word is '自治会を指す言葉（常会・区・町内会など） 区分:公開';
comment on column city_settings.fiscal_year_start_month is '年度の始まる月 単位:月 区分:公開';
comment on column city_settings.updated_at is '更新時刻 単位:時点 区分:非個人';
select portal.guard('city_settings');

create table district (
  id uuid primary key default uuidv7(),
  name text not null unique check (length(name) between 1 and 40),
  position integer not null,
  retired_at timestamptz
);
comment on table district is '地区 区分:公開';
comment on column district.id is '識別番号 区分:非個人';
comment on column district.name is '地区名 区分:公開';
comment on column district.position is '並び順 区分:非個人';
comment on column district.retired_at is '使わなくなった時刻 単位:時点 区分:非個人';
select portal.guard('district');

create table closing_day (
  on_day date primary key,
  reason text not null check (length(reason) between 1 and 60)
);
comment on table closing_day is '土日祝日のほかの閉庁日 区分:公開';
comment on column closing_day.on_day is '閉庁日 単位:日 区分:公開';
comment on column closing_day.reason is '理由 区分:公開';
select portal.guard('closing_day');

-- Numbers that must run without a gap: receipt numbers and document numbers, one series a fiscal year.
create table number_series (
  kind text not null check (kind in ('receipt', 'letter')),
  fiscal_year integer not null check (fiscal_year between 2000 and 2200),
  last_number integer not null default 0 check (last_number >= 0),
  primary key (kind, fiscal_year)
);
comment on table number_series is '欠番を出さない連番（年度ごと） 区分:非個人';
comment on column number_series.kind is '番号の種類（receipt=受付番号、letter=文書番号） 区分:非個人';
comment on column number_series.fiscal_year is '年度（西暦） 単位:年度 区分:非個人';
comment on column number_series.last_number is '最後に使った番号 区分:非個人';
select portal.guard('number_series', false);

select set_config('portal.actor', 'system:migration', true);
insert into city_settings (portal_name, city_name, mayor_title, mayor_name, section_name, phone, office_hours, document_mark, mail_sender_name, mail_sender_address)
values ('協働ポータル', '（自治体名を設定してください）', '市長', '（氏名を設定してください）', '担当課', '（電話番号を設定してください）', '（受付時間を設定してください）', '協', '協働ポータル', 'portal@localhost.invalid');

-- migrate:down
drop table number_series, closing_day, district, city_settings;
