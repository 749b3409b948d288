/** Rules of who may apply. Pure. */
import { KINDS, type Kind } from '../../organisations/organisation.ts';
import type { EditionContent, EligibilityRule } from '../content.ts';
import { finding, type Finding } from '../place.ts';
import type { Topic } from './about.ts';

/** Why a rule can't be what was meant; null when it can. */
function wrong(rule: EligibilityRule): [string, string] | null {
  switch (rule.rule) {
    case 'local_share':
      if (rule.share.numerator > rule.share.denominator) return ['share', '割合が100％を超えています。'];
      return rule.more_than && rule.share.numerator === rule.share.denominator ? ['share', '「100％より多い」に当てはまる団体はありません。「以上」にしてください。'] : null;
    case 'founded':
      if (rule.minimum_years === null && rule.maximum_years === null) return ['minimum_years', '年数の下限か上限のどちらかを入れてください。'];
      return rule.minimum_years !== null && rule.maximum_years !== null && rule.minimum_years > rule.maximum_years ? ['maximum_years', '上限の年数が下限より短くなっています。'] : null;
    case 'times': return rule.maximum === 0 ? ['maximum', '1回以上にしてください。'] : null;
    default: return null;
  }
}

/** Kinds of group that no unconditional rule shuts out. */
export function eligibleKinds(content: Pick<EditionContent, 'eligibility'>): Kind[] {
  const rules = content.eligibility.flatMap((rule) => (rule.rule === 'kinds' && rule.when === null ? [rule.kinds] : []));
  return KINDS.filter((kind) => rules.every((kinds) => kinds.includes(kind)));
}

/** Two rules of one kind for everybody: the stricter one alone would do. */
function doubled(content: EditionContent): Finding[] {
  const seen = new Set<string>();
  return content.eligibility.flatMap((rule, index) => {
    if (rule.when !== null || rule.rule === 'declaration') return [];
    const name = rule.rule === 'paper' ? `paper ${rule.paper}` : rule.rule === 'local_share' ? `share ${[...rule.counts].sort().join()}` : rule.rule;
    if (seen.has(name)) return [finding(content, `eligibility.${index}`, '同じ種類の条件が2つあります。どちらかを消すか、「次のときだけ」の条件を付けてください。')];
    seen.add(name);
    return [];
  });
}

export const eligibility: Topic = {
  errors: (content) => content.eligibility.flatMap((rule, index) => {
    const found = wrong(rule);
    return found === null ? [] : [finding(content, `eligibility.${index}.${found[0]}`, found[1])];
  }),
  warnings: (content) => [
    ...(content.eligibility.length === 0 ? [finding(content, 'eligibility', '条件がないので、どの団体でも申請できます。')] : []),
    ...(eligibleKinds(content).length === 0 ? [finding(content, 'eligibility', '団体の種類の条件が食い違い、申請できる団体がありません。')] : []),
    ...doubled(content)
  ]
};
