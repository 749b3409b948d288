/**
 * What is wrong with an edition's document (`errors`: may never be stored), what it still needs before it can be opened
 * (`missing`), and what an officer should look at (`warnings`). Never throws on anything `readContent` passes. Pure.
 */
import type { About, Topic } from './checks/about.ts';
import { categories } from './checks/categories.ts';
import { conditions } from './checks/conditions.ts';
import { days } from './checks/days.ts';
import { eligibility } from './checks/eligibility.ts';
import { after, judging } from './checks/judging.ts';
import { keys } from './checks/keys.ts';
import { money } from './checks/money.ts';
import { questions } from './checks/questions.ts';
import { texts } from './checks/texts.ts';
import type { EditionContent } from './content.ts';
import type { Finding } from './place.ts';

export interface ContentFindings { errors: Finding[]; missing: Finding[]; warnings: Finding[] }

/** In the order the editor shows them. */
const TOPICS: readonly Topic[] = [keys, texts, days, eligibility, conditions, questions, categories, money, judging, after];

const NOTHING_KNOWN: About = { fiscal_year: null, closed: [] };

/** `about`: the fiscal year of the edition and the city's closing days, where they are known. */
export function checkContent(content: EditionContent, about: Partial<About> = {}): ContentFindings {
  const all = { ...NOTHING_KNOWN, ...about };
  const of = (level: keyof Topic): Finding[] => TOPICS.flatMap((topic) => topic[level]?.(content, all) ?? []);
  return { errors: of('errors'), missing: of('missing'), warnings: of('warnings') };
}

/** Whether it may be opened: nothing wrong, nothing missing. Warnings do not stand in the way. */
export const isComplete = ({ errors, missing }: ContentFindings): boolean => errors.length === 0 && missing.length === 0;
