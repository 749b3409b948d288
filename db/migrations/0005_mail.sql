-- migrate:up

-- Mail is written in the transaction of the event it speaks of and sent after COMMIT, so a decision that was rolled
-- back is never announced. State follows from the times: sent_at, else gave_up_at, else waiting.
create table mail_outbox (
  id uuid primary key default uuidv7(),
  dedupe_key text not null unique check (length(dedupe_key) between 8 and 200),
  to_address text not null check (length(to_address) <= 254 and to_address ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$'),
  template text not null check (template ~ '^[a-z][a-z_]{1,59}$'),
  subject text not null check (length(subject) between 1 and 100 and subject !~ '[[:cntrl:]]'),
  body text check (length(body) <= 10000),
  -- Set for mail that carries a secret link: after this time it is not sent any more, and the link is erased.
  secret_until timestamptz,
  created_at timestamptz not null default now(),
  attempts integer not null default 0 check (attempts >= 0),
  next_attempt_at timestamptz not null default now(),
  last_error text check (length(last_error) <= 500),
  sent_at timestamptz,
  gave_up_at timestamptz,
  check (sent_at is null or gave_up_at is null),
  check (body is not null or secret_until is not null)
);
comment on table mail_outbox is '送信待ち・送信済みのメール 区分:個人';
comment on column mail_outbox.id is '識別番号 区分:非個人';
comment on column mail_outbox.dedupe_key is '同じ知らせを二度作らないための鍵 区分:非個人';
comment on column mail_outbox.to_address is '宛先 区分:個人';
comment on column mail_outbox.template is 'ひな形の名 区分:非個人';
comment on column mail_outbox.subject is '件名（決まり文句だけ） 区分:非個人';
comment on column mail_outbox.body is '本文。秘密のリンクを含むものは送信後または期限後に消す 区分:個人';
comment on column mail_outbox.secret_until is '秘密のリンクの期限（過ぎたら送らず、本文を消す） 単位:時点 区分:非個人';
comment on column mail_outbox.created_at is '作成時刻 単位:時点 区分:非個人';
comment on column mail_outbox.attempts is '送信を試みた回数 単位:回 区分:非個人';
comment on column mail_outbox.next_attempt_at is '次に試みる時刻 単位:時点 区分:非個人';
comment on column mail_outbox.last_error is '最後の失敗の理由 区分:内部';
comment on column mail_outbox.sent_at is 'メールサーバーが受け取った時刻 単位:時点 区分:非個人';
comment on column mail_outbox.gave_up_at is '送信をあきらめた時刻 単位:時点 区分:非個人';
create index mail_outbox_waiting on mail_outbox (next_attempt_at) where sent_at is null and gave_up_at is null;
create index mail_outbox_secret on mail_outbox (secret_until) where secret_until is not null and body is not null;
select portal.guard('mail_outbox', false);

-- migrate:down
drop table mail_outbox;
