/** What an edition asks of groups, as sentences: for the public page, the comparison of editions and the reasons of a finding. Pure. */
import type { KnownFacts } from '../formulas/known-facts.ts';
import { PAPER_LABELS } from '../organisations/organisation.ts';
import { formatWareki } from '../time/wareki.ts';
import type { EligibilityRule } from './content.ts';
import { COUNT_WORDS, KIND_WORDS } from './enum-words.ts';
import { whenInWords } from './known-facts.ts';

const people = (count: number): string => `${count.toLocaleString('ja-JP')}人`;

/** 50％; a share that is no whole percent stays a fraction: 3分の2. */
export const shareInWords = ({ numerator, denominator }: { numerator: number; denominator: number }): string =>
  ((numerator * 100) % denominator === 0 ? `${(numerator * 100) / denominator}％` : `${denominator}分の${numerator}`);

/** 過半数 where it is meant; otherwise 「3分の2以上」「40％より多い」. */
function shareBound({ share, more_than }: Extract<EligibilityRule, { rule: 'local_share' }>): string {
  if (more_than) return share.numerator * 2 === share.denominator ? '過半数' : `${shareInWords(share)}より多く`;
  return `${shareInWords(share)}以上`;
}

/** 市内に住む・市内で働く会員. */
export const localMembers = (counts: Extract<EligibilityRule, { rule: 'local_share' }>['counts']): string =>
  `${(['living', 'working', 'studying'] as const).filter((count) => counts.includes(count)).map((count) => COUNT_WORDS[count]).join('・')}会員`;

function foundedInWords({ minimum_years, maximum_years, basis_on }: Extract<EligibilityRule, { rule: 'founded' }>): string {
  const basis = basis_on === null ? '申請の日' : formatWareki(basis_on);
  return `${basis}に、設立から${[minimum_years === null ? '' : `${minimum_years}年以上たっている`, maximum_years === null ? '' : `${maximum_years}年以内である`].filter((part) => part !== '').join('、かつ')}こと`;
}

/** What the rule demands, without whom it concerns: 「会員が5人以上いること」. */
export function demandInWords(rule: EligibilityRule, kinds: Readonly<Record<string, string>> = KIND_WORDS): string {
  switch (rule.rule) {
    case 'kinds': return `${rule.kinds.map((kind) => kinds[kind] ?? kind).join('・')}であること`;
    case 'members': return `会員が${people(rule.minimum)}以上いること`;
    case 'local_share': return `${localMembers(rule.counts)}が、会員の${shareBound(rule)}であること`;
    case 'founded': return foundedInWords(rule);
    case 'paper': return `${PAPER_LABELS[rule.paper]}があること`;
    case 'one_per_year': return '1つの年度に、1団体1件の申請であること';
    case 'once_only': return 'この制度の支援を受けたことがないこと';
    case 'times': return `同じ事業への支援が${rule.maximum}回までであること`;
    case 'days_before_start': return `事業を始める日の${rule.days}日前までに申請すること`;
    case 'declaration': return rule.text;
  }
}

/** The whole rule: whom it concerns, and what it demands. */
export const ruleInWords = (rule: EligibilityRule, facts: KnownFacts, kinds?: Readonly<Record<string, string>>): string =>
  `${rule.when === null ? '' : `${whenInWords(rule.when, facts)}のとき、`}${demandInWords(rule, kinds)}`;
