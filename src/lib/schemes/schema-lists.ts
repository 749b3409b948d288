/** The schema of an edition's lists: who may apply, when, what is asked, which papers, categories and criteria. */
import * as z from 'zod';
import { LIMITS } from '../formulas/formula.ts';
import { KINDS, PAPER_KINDS } from '../organisations/organisation.ts';
import { CONTENT_LIMITS, QUESTION_KINDS, QUESTION_SECTIONS } from './content.ts';
import { closingTime, condition, day, filledLine, filledLines, key, line, lines, list, monthDay, openingTime, rate, record, whole, yen } from './schema-parts.ts';

const kinds = list(z.enum(KINDS), KINDS.length, 1);
/** What every rule of eligibility has beside its own fields. */
const ruled = { key, article: line(100), when: condition.nullable() };
const years = whole(0, 200);

export const eligibilityRule = z.discriminatedUnion('rule', [
  record({ ...ruled, rule: z.literal('kinds'), kinds }),
  record({ ...ruled, rule: z.literal('members'), minimum: whole(1, 1_000_000) }),
  record({ ...ruled, rule: z.literal('local_share'), share: rate, more_than: z.boolean(), counts: list(z.enum(['living', 'working', 'studying']), 3, 1) }),
  record({ ...ruled, rule: z.literal('founded'), minimum_years: years.nullable(), maximum_years: years.nullable(), basis_on: day.nullable() }),
  record({ ...ruled, rule: z.literal('paper'), paper: z.enum(PAPER_KINDS) }),
  record({ ...ruled, rule: z.literal('one_per_year') }),
  record({ ...ruled, rule: z.literal('once_only') }),
  record({ ...ruled, rule: z.literal('times'), maximum: whole(0, 100) }),
  record({ ...ruled, rule: z.literal('days_before_start'), days: whole(0, 366) }),
  record({ ...ruled, rule: z.literal('declaration'), text: filledLines(300), otherwise: z.enum(['excluded', 'ask']) })
]);

export const editionWindow = record({ key, name: line(30), opens_on: day, opens_at_time: openingTime, closes_on: day, closes_at_time: closingTime });

export const question = record({
  key, section: z.enum(QUESTION_SECTIONS), label: filledLine(100), hint: lines(300), kind: z.enum(QUESTION_KINDS), required: z.boolean(),
  max: yen, unit: line(10), options: list(record({ key, label: filledLine(100) }), CONTENT_LIMITS.options), when: condition.nullable(), from_yen: yen.nullable()
});

export const paper = record({
  key, name: filledLine(60), hint: lines(300), required: z.boolean(), kinds: list(z.enum(KINDS), KINDS.length), from_dossier: z.enum(PAPER_KINDS).nullable(),
  when: condition.nullable(), from_yen: yen.nullable()
});

export const category = record({
  key, side: z.enum(['income', 'expense']), name: filledLine(60), hint: lines(300), eligible: z.boolean(), reason: line(300), is_grant: z.boolean(),
  deducted: z.boolean(), cap_yen: yen.nullable(), cap_share: rate.nullable()
});

export const fundingSource = record({ key, name: filledLine(60), amount_yen: whole(0, LIMITS.yen) });
export const requirement = record({ key, name: filledLine(200), article: line(100) });

const criterion = record({ key, name: filledLine(60), description: lines(500), weight: whole(1, 100), max_points: whole(1, 100) });
const tie = z.discriminatedUnion('by', [
  record({ by: z.literal('smaller_request') }), record({ by: z.literal('earlier_receipt') }), record({ by: z.literal('criterion'), criterion: key })
]);
const percent = whole(0, 100);

export const judging = record({
  by: z.enum(['committee', 'office']), criteria: list(criterion, CONTENT_LIMITS.criteria), floor_percent: percent.nullable(), criterion_floor_percent: percent.nullable(),
  tie, release: z.enum(['on_a_day', 'at_decision'])
});

export const wording = record({ opening: lines(500), conditions: list(filledLines(500), CONTENT_LIMITS.conditions), notices: list(filledLines(500), CONTENT_LIMITS.notices) });
export const documentRule = record({ form_number: line(60), article: line(100), title: line(60), seal_omitted: z.boolean() });

export const after = record({
  withdrawal_days: whole(0, 366).nullable(), start_report: z.boolean(), minor_total_percent: percent, minor_between_percent: percent, minor_decrease_only: z.boolean(),
  advance: rate.nullable(), advance_parts: whole(0, 12), report_days: whole(0, 366), report_until: monthDay, progress_report: z.boolean(), keep_years: whole(0, 100),
  asset_from_yen: yen.nullable(), asset_years: whole(0, 100), surcharge_basis_points: whole(0, 10_000), late_basis_points: whole(0, 10_000), repayment_days: whole(0, 366)
});
