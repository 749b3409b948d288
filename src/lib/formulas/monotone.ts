import { BUILT_IN_AMOUNTS, type Formula, type Step } from './formula.ts';

/** How a value answers to more cost: not at all, never downwards, never upwards, or nobody can say. */
type Answer = 'still' | 'up' | 'down' | 'unsure';

/**
 * Whether more cost (eligible or total cost, or the cost of a row) can never give a smaller grant, all else being equal.
 * Worked out from the steps alone: true is certain, false means that it was not shown. For formulas that passed the check.
 */
export function isMonotoneInCost(formula: Formula): boolean {
  const answers = new Map<string, Answer>(Object.keys(BUILT_IN_AMOUNTS).map((key) => [key, key === 'eligible' || key === 'total' ? 'up' : 'still']));
  for (const { key } of formula.figures) answers.set(key, 'still');
  for (const step of formula.steps) answers.set(step.key, answerOf(step, (key) => answers.get(key) ?? 'unsure'));
  const last = answers.get(formula.steps.at(-1)?.key ?? '');
  return last === 'still' || last === 'up';
}

function answerOf(step: Step, at: (key: string) => Answer): Answer {
  switch (step.do) {
    case 'amount': case 'units': case 'tiers': case 'share': return 'still';
    case 'each': return 'up';
    case 'rate': case 'cap': case 'round': return at(step.of);
    case 'sum': case 'least': case 'greatest': return together(step.of.map(at));
    case 'less': return together([at(step.from), ...step.minus.map((key) => turned(at(key)))]);
    case 'bracket': {
      const [of, rising, falling] = [at(step.of), inOrder(step.brackets, 1), inOrder(step.brackets, -1)];
      if (of === 'still' || (rising && falling)) return 'still';
      return rising ? of : falling ? turned(of) : 'unsure';
    }
  }
}

function together(answers: readonly Answer[]): Answer {
  const moving = [...new Set(answers.filter((answer) => answer !== 'still'))];
  return moving.length === 0 ? 'still' : moving.length === 1 ? moving[0]! : 'unsure';
}

const turned = (answer: Answer): Answer => (answer === 'up' ? 'down' : answer === 'down' ? 'up' : answer);

const inOrder = (brackets: readonly { yen: number }[], sign: 1 | -1): boolean =>
  brackets.every(({ yen }, index) => index === 0 || (yen - brackets[index - 1]!.yen) * sign >= 0);
