/** What the choices of an edition are called, by the place they stand in (`place.ts` has the names of the places). Pure. */
import { PAPER_LABELS, type Kind } from '../organisations/organisation.ts';
import type { EligibilityKind, QuestionKind, QuestionSection } from './content.ts';

/** Kinds of group where no city's own word for 自治会 is at hand. */
export const KIND_WORDS: Record<Kind, string> = { civic_group: '市民活動団体', npo: 'NPO法人', association: '自治会' };
export const QUESTION_KIND_WORDS: Record<QuestionKind, string> = {
  text: '1行の文', multiline: '文章', integer: '数', yen: '金額', choice: 'ひとつ選ぶ', choices: 'いくつでも選ぶ', day: '日付', yes_no: 'はい・いいえ', file: 'ファイル'
};
export const SECTION_WORDS: Record<QuestionSection, string> = { project: '事業の目的と内容', schedule: '日程と場所', team: '実施体制', extra: '追加の設問' };
export const ELIGIBILITY_WORDS: Record<EligibilityKind, string> = {
  kinds: '団体の種類', members: '会員の人数', local_share: '市に関わる会員の割合', founded: '設立からの年数', paper: '団体の書類', one_per_year: '1年度に1団体1件', once_only: '1団体1回限り',
  times: '同じ事業への支援の回数', days_before_start: '事業開始までの日数', declaration: '団体が自分で確かめること'
};
export const COUNT_WORDS = { living: '市内に住む', working: '市内で働く', studying: '市内の学校に通う' } as const;
export const COMMON_WORDS = { asked: '聞く', from_amount: '申請額が大きいときだけ聞く', left_out: '聞かない' } as const;
export const ROUTE_WORDS = { ordinary: '通常（決定・実施・実績報告・額の確定）', short: '簡略（申請書兼請求書・決定兼確定）' } as const;
const ROUNDING_WORDS = { down: '切り捨て', up: '切り上げ', half_up: '四捨五入' } as const;

/** Words of each choice, by pattern. */
export const ENUM_WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'eligibility.*.rule': ELIGIBILITY_WORDS, 'eligibility.*.kinds.*': KIND_WORDS, 'eligibility.*.counts.*': COUNT_WORDS, 'eligibility.*.paper': PAPER_LABELS,
  'eligibility.*.otherwise': { excluded: '対象外とする', ask: '市に確かめてもらう' },
  closed_day: { stays: 'そのまま', before: '直前の開庁日に繰り上げる', after: '直後の開庁日に繰り下げる' },
  route: ROUTE_WORDS,
  'common.*': COMMON_WORDS,
  'questions.*.section': SECTION_WORDS, 'questions.*.kind': QUESTION_KIND_WORDS,
  'papers.*.kinds.*': KIND_WORDS, 'papers.*.from_dossier': PAPER_LABELS,
  'categories.*.side': { income: '収入', expense: '支出' },
  'formula.figures.*.quantity': { count: '数', yen: '金額' },
  'formula.figures.*.from': { typed: '団体が入力', members: '団体情報の会員数', households: '自治会の世帯数', lights: '防犯灯台帳の灯数' },
  'formula.steps.*.do': {
    amount: '定額', rate: '率をかける', sum: '合計', less: '差し引く', least: '少ないほう', greatest: '多いほう', cap: '上限', units: '単価×数', tiers: '段階ごとの単価の合計', bracket: '区分ごとの額', share: '割合（％）', each: '一覧の1件ごと', round: '端数処理'
  },
  'formula.steps.*.mode': ROUNDING_WORDS, 'formula.steps.*.rounding.mode': ROUNDING_WORDS,
  'condition.match': { all: 'すべてに当てはまる', any: 'どれかに当てはまる' },
  'condition.tests.*.is': { one_of: 'どれかである', none_of: 'どれでもない', at_least: '以上', at_most: '以下', yes: '「はい」である', no: '「いいえ」である' },
  'judging.by': { committee: '審査委員の採点', office: '担当者の形式審査だけ' },
  'judging.tie.by': { smaller_request: '申請額の少ない順', earlier_receipt: '受付の早い順', criterion: '決めた基準の点の高い順' },
  'judging.release': { on_a_day: '回ごとに決めた日に一斉に', at_decision: '決定のつど' }
};
