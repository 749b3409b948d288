import type { Snapshot } from '../applications/snapshot.ts';
import type { AwardNoticeSnapshot } from './award-notice.ts';
import type { BlankFormSnapshot } from './blank-form.ts';
import type { CitySnapshot } from './letter.ts';
import type { RejectionNoticeSnapshot } from './rejection-notice.ts';

/** Invented snapshots (架空) for the tests of this folder. No person, group or amount here exists. */

export const DEMO_MARK = '【架空・設定例】この文書は見本です。団体・氏名・金額・様式は実在しません。';

export const sampleCity: CitySnapshot = {
  city_name: '見本市', mayor_title: '市長', mayor_name: '見本　太郎', section_name: '環境市民協働課', postal_code: '000-0000',
  address: '茨城県見本市本町一丁目1番地', phone: '0000-00-0000（内線123）', office_hours: '平日 8時30分から17時15分まで',
  letterhead: '', seal_omitted_text: '（公印省略）'
};

const letter = {
  city: sampleCity, document_number: '環協第12号', issued_on: '2026-06-01',
  receiver: { organisation: '架空地区ふるさとまつり実行委員会', representative_title: '会長', representative_name: '髙﨑　𠮷子' },
  scheme_name: 'まちづくり支援金', fiscal_year: 2026, project_title: '谷あいの灯り　ふるさとまつりと昔あそびの日',
  receipt_number: 'R8-0007', applied_on: '2026-04-20', legal_basis: '見本市まちづくり支援金交付要綱', demo_mark: DEMO_MARK
};

export const sampleAward: AwardNoticeSnapshot = {
  ...letter, form_number: '様式第2号（第7条関係）', article: '第7条第1項', outcome: 'adopted',
  total_cost_yen: 412_300, eligible_yen: 368_500, requested_yen: 184_000, amount_yen: 184_000, reason: '',
  arithmetic: [
    { label: '補助対象経費', formula: '対象になる支出の合計', result_yen: 368_500 },
    { label: '補助率をかける', formula: '368,500円 × 2分の1', result_yen: 184_250 },
    { label: '上限と比べる', formula: '184,250円 と上限 200,000円 の少ないほう', result_yen: 184_250 },
    { label: '1,000円未満切捨て', formula: '184,250円 の端数を切り捨て', result_yen: 184_000 }
  ],
  conditions: [
    '交付決定を受けた事業の内容又は経費の配分を変更しようとするときは、あらかじめ市長の承認を受けること。ただし、市長が認める軽微な変更を除く。',
    '事業を中止し、又は廃止しようとするときは、あらかじめ市長の承認を受けること。',
    '事業が完了したときは、完了の日から30日以内に実績報告書を提出すること。',
    '収入及び支出を明らかにした帳簿及び証拠書類を、事業の完了の日の属する年度の翌年度から5年間保管すること。'
  ],
  completion_due_on: '2027-02-28',
  payment_notes: ['額の確定の後、請求書を受け付けた日から30日以内に、団体名義の口座に振り込みます。', '必要があるときは、交付決定額の範囲内で概算払を請求できます。'],
  notices: []
};

export const samplePartlyAward: AwardNoticeSnapshot = {
  ...sampleAward, outcome: 'partly_adopted', document_number: '環協第13号', amount_yen: 120_000,
  reason: '音響設備の借上げについては、同じ内容の備品を市が無償で貸し出しているため、対象から除いて算定しました。',
  receiver: {
    organisation: '特定非営利活動法人とても長い名前の里山と海辺をつなぐ子どもと高齢者のための地域まるごと居場所づくり推進協議会連合会見本支部',
    representative_title: '代表理事兼事務局長', representative_name: '辻\u{E0100}　邉\u{E010F}子'
  }
};

export const sampleRejection: RejectionNoticeSnapshot = {
  ...letter, form_number: '様式第3号（第7条関係）', document_number: '環協第14号', article: '第7条第2項', outcome: 'declined', requested_yen: 184_000,
  reason: '審査会における評価点の平均が、採択の基準（満点の60％）に達しませんでした。\n特に、事業の継続性について、翌年度以降の実施体制と財源の見通しが示されていないとの意見がありました。',
  notices: ['この決定について不服があるときは、この通知を受けた日の翌日から起算して3か月以内に、見本市長に対して審査請求をすることができます。（教示の文言は市が確認して設定します。）']
};

const answers = (rows: [name: string, label: string, kind: string, value: string | number, unit?: string][]): Snapshot['sections'][number]['answers'] =>
  rows.map(([name, label, kind, value, unit]) => ({ name, label, kind, value, ...(unit ? { unit } : {}) }));

export const sampleSubmission: Snapshot = {
  format: 1, receipt_number: 'R8-0007', round: 1, submitted_at: '2026-04-20T01:23:45.000Z',
  edition: {
    id: '00000000-0000-7000-8000-000000000001', scheme_name: 'まちづくり支援金', name: '令和8年度 まちづくり支援金', fiscal_year: 2026, is_example: true,
    legal_basis: '見本市まちづくり支援金交付要綱', application_form_number: '様式第1号（第5条関係）', award_form_number: '様式第2号（第7条関係）',
    rejection_form_number: '様式第3号（第7条関係）', award_article: '第7条第1項', rejection_article: '第7条第2項', completion_due_on: '2027-02-28', cap_yen: 200_000
  },
  organisation: {
    id: '00000000-0000-7000-8000-000000000002', kind: 'civic_group', kind_word: '市民活動団体', corporate_number: null,
    name: '架空地区ふるさとまつり実行委員会', name_kana: 'カクウチクフルサトマツリジッコウイインカイ', representative_title: '会長', representative_name: '髙﨑　𠮷子',
    postal_code: '000-0000', address: '見本市大字架空123番地4　架空集会所内', phone: '0000-00-1111',
    purpose: '山あいの集落に伝わる行事と昔あそびを、子どもたちと一緒に続けるため。', founded_on: '2015-04-01',
    members_count: 24, members_living: 20, members_working: 3, members_studying: 1
  },
  sections: [
    { section: 'contact', title: '連絡先', answers: answers([['contact_name', '連絡先の氏名', 'text', '葛\u{E0100}城　塚子'], ['contact_kana', '連絡先のフリガナ', 'kana', 'カツラギ　ツカコ'], ['contact_phone', '連絡先の電話番号', 'phone', '090-0000-0000'], ['contact_email', '連絡先のメールアドレス', 'email', 'matsuri@example.invalid']]) },
    { section: 'project', title: '事業の目的と内容', answers: answers([
      ['title', '事業名', 'text', '谷あいの灯り　ふるさとまつりと昔あそびの日'],
      ['purpose', '事業の目的', 'multiline', '地区の人口が減り、盆踊りとみこしの担い手が不足しています。小学生と高校生に準備から加わってもらい、行事のやり方を次の世代に渡すことを目的とします。'],
      ['content', '事業の内容', 'multiline', '1　竹灯籠づくりの講座（全3回）\n2　昔あそびの日（こま、竹とんぼ、お手玉）\n3　ふるさとまつり（みこし、盆踊り、竹灯籠300基の点灯）\n\n当日の写真と作り方を冊子にまとめ、地区の全戸と学校に配ります。'.repeat(1)],
      ['effect', '期待できる効果', 'multiline', '子どもと高齢者が顔見知りになり、登下校の見守りや災害時の声かけにつながります。参加者の見込みは延べ350人です。'],
      ['continuity', '来年度からの続け方', 'multiline', '']
    ]) },
    { section: 'schedule', title: '日程と場所', answers: answers([['starts_on', '事業を始める日', 'day', '2026-06-15'], ['ends_on', '事業を終える日', 'day', '2026-11-30'], ['place', '場所', 'text', '架空集会所、旧架空小学校の校庭'], ['steps', '日程', 'multiline', '6月　実行委員会、役割決め\n7月から8月　竹灯籠づくりの講座\n10月25日　ふるさとまつり当日\n11月　冊子づくり、会計の整理']]) },
    { section: 'team', title: '実施体制', answers: answers([['staff_count', '運営に関わる人数', 'integer', 24, '人'], ['participants', '参加を見込む人数', 'integer', 350, '人'], ['structure', '役割分担', 'multiline', '会長（総括）、会計1人、講座係6人、会場係8人、広報係4人、記録係4人'], ['partners', '協力する団体', 'multiline', '架空自治会、架空小学校PTA'], ['safety', '安全への備え', 'multiline', '火を使う場所に消火器を置き、行事保険に加入します。']]) }
  ],
  budget: {
    income: [
      { category: '支援金', item: 'まちづくり支援金', amount_yen: 184_000, basis: '', eligible: false },
      { category: '会費', item: '会員の会費', amount_yen: 48_000, basis: '2,000円×24人', eligible: false },
      { category: '参加費', item: '講座の参加費', amount_yen: 30_000, basis: '500円×60人', eligible: false },
      { category: '自己資金', item: '前年度からの繰越し', amount_yen: 150_300, basis: '', eligible: false }
    ],
    expense: [
      { category: '消耗品費', item: '竹灯籠の材料、ろうそく', amount_yen: 96_500, basis: '竹 30本、ろうそく 600個', eligible: true },
      { category: '印刷製本費', item: '冊子の印刷', amount_yen: 132_000, basis: '660円×200部', eligible: true },
      { category: '使用料及び賃借料', item: '音響設備、テント', amount_yen: 110_000, basis: '見積書のとおり', eligible: true },
      { category: '保険料', item: '行事保険', amount_yen: 30_000, basis: '', eligible: true },
      { category: '食糧費', item: '打上げの飲食', amount_yen: 43_800, basis: '', eligible: false }
    ],
    income_yen: 412_300, expense_yen: 412_300, eligible_yen: 368_500, computed_yen: 184_000, requested_yen: 184_000, steps: sampleAward.arithmetic
  },
  files: [
    { id: '00000000-0000-7000-8000-000000000003', paper: '会則', name: '実行委員会会則（令和7年改正）.pdf', media_type: 'application/pdf', bytes: 182_344, pages: 4, sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' },
    { id: '00000000-0000-7000-8000-000000000004', paper: '会員名簿', name: '名簿.pdf', media_type: 'application/pdf', bytes: 55_120, pages: 1, sha256: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752' },
    { id: '00000000-0000-7000-8000-000000000005', paper: '見積書', name: '音響とテントの見積書_最終_2026-04-10_very-long-file-name-without-any-blank.jpg', media_type: 'image/jpeg', bytes: 3_482_900, pages: null, sha256: 'fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13' }
  ]
};

export const sampleBlank: BlankFormSnapshot = {
  city: sampleCity, demo_mark: DEMO_MARK, printed_on: '2026-03-01',
  edition: { scheme_name: 'まちづくり支援金', fiscal_year: 2026, legal_basis: '見本市まちづくり支援金交付要綱', application_form_number: '様式第1号（第5条関係）' },
  kind_words: ['市民活動団体', 'NPO法人', '自治会'],
  categories: [
    { side: 'income', name: '支援金', hint: '', eligible: true }, { side: 'income', name: '会費', hint: '', eligible: true }, { side: 'income', name: '自己資金', hint: '', eligible: true },
    { side: 'expense', name: '消耗品費', hint: '', eligible: true }, { side: 'expense', name: '印刷製本費', hint: '', eligible: true }, { side: 'expense', name: '食糧費', hint: '', eligible: false }
  ],
  requirements: [{ name: '政治活動や宗教活動を目的とする団体ではありません。', article: '第3条第2項' }, { name: '構成員に暴力団員はいません。市が警察に照会することに同意します。', article: '第3条第3項' }],
  papers: [{ name: '会則', hint: '団体の名称、目的、役員が分かるもの', required: true }, { name: '会員名簿', hint: '', required: true }, { name: '見積書', hint: '1件5万円以上の支出', required: false }],
  closing_words: '令和8年5月8日（金）17時15分'
};
