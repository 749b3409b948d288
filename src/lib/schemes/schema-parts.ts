/** The parts that an edition's schema is built of: texts, days, amounts, keys, rates, conditions and cases. Pure. */
import * as z from 'zod';
import { MAX_CASES, MAX_TESTS } from '../formulas/condition.ts';
import { LIMITS } from '../formulas/formula.ts';
import { cleanMultiline, cleanText, lengthOf } from '../forms/text.ts';
import { isDay } from '../time/day.ts';
import { KEY } from './content.ts';

/** What the published JSON Schema says of a part beside its type. `id` gives the part a name of its own in `$defs`. */
export interface PartMeta { id?: string; maxLength?: number; pattern?: string; format?: string }
export const PARTS = z.registry<PartMeta>();

const TEXT_WORDS = {
  control: '目に見えない制御文字が入っています。消してください。', broken: '文字化けした字が入っています。その字を入力し直してください。', direction: '文字の向きを変える記号が入っています。消してください。',
  untidy: '前後の空白や、目に見えない文字が入っています。消してください。', untidyLine: '1行で入力し、前後の空白や目に見えない文字を消してください。', empty: '入力してください。'
};

function problemOfText(value: string, max: number, min: number, clean: typeof cleanText): string | null {
  const count = lengthOf(value);
  if (count > max) return `${max}文字までにしてください。いまは${count}文字です。`;
  const cleaned = clean(value);
  if (!cleaned.ok) return TEXT_WORDS[cleaned.reason];
  if (cleaned.value !== value) return clean === cleanText ? TEXT_WORDS.untidyLine : TEXT_WORDS.untidy;
  return count < min ? TEXT_WORDS.empty : null;
}

/** A text as the portal's forms leave it: bounded in code points, tidy, and without characters that may not be stored. */
function text(max: number, min: number, clean: typeof cleanText) {
  return z.string().superRefine((value, context) => {
    const message = problemOfText(value, max, min, clean);
    if (message !== null) context.addIssue({ code: 'custom', message });
  }).register(PARTS, { maxLength: max });
}
export const line = (max: number) => text(max, 0, cleanText);
export const filledLine = (max: number) => text(max, 1, cleanText);
export const lines = (max: number) => text(max, 0, cleanMultiline);
export const filledLines = (max: number) => text(max, 1, cleanMultiline);

export const key = z.string().regex(KEY, { error: '半角の小文字の英字で始め、英数字と_で40文字までにしてください。' }).register(PARTS, { pattern: KEY.source });

/** Days a rule may name: a wider range is a slip of the finger. */
const FIRST_DAY = '1900-01-01';
const LAST_DAY = '2199-12-31';
export const day = z.string().refine((value) => isDay(value) && value >= FIRST_DAY && value <= LAST_DAY, { error: '実際にある日を、2026-04-01 の形で入れてください。' })
  .register(PARTS, { format: 'date', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' });

const CLOCK = '(?:[01][0-9]|2[0-3]):[0-5][0-9]';
export const openingTime = z.string().regex(new RegExp(`^${CLOCK}$`), { error: '時刻を 08:30 の形で、00:00から23:59までで入れてください。' }).register(PARTS, { pattern: `^${CLOCK}$` });
/** 24:00 is the end of the day. */
export const closingTime = z.string().regex(new RegExp(`^(?:${CLOCK}|24:00)$`), { error: '時刻を 17:00 の形で、24:00までで入れてください。' }).register(PARTS, { pattern: `^(?:${CLOCK}|24:00)$` });

/** MM-DD of any year, or '' for none. */
export const monthDay = z.string().refine((value) => value === '' || isDay(`2024-${value}`), { error: '月日を 03-31 の形で入れてください。なければ空にしてください。' })
  .register(PARTS, { pattern: '^(?:[0-9]{2}-[0-9]{2})?$' });

export const whole = (min: number, max: number) => z.int().min(min).max(max);
export const yen = whole(0, LIMITS.yen);
export const count = whole(0, LIMITS.figure);

/** Fields in any order, none besides these. */
export const record = z.strictObject;
/** A list of at most `max`; read-only, as the contract has it. */
export const list = <T extends z.ZodType>(item: T, max: number, min = 0) => z.array(item).min(min).max(max).readonly();

/** 分数. Whether it is above one is for the checks to say, in the words of the place it stands in. */
export const rate = record({ numerator: whole(0, 10_000), denominator: whole(1, 10_000) }).register(PARTS, { id: 'rate' });

const factName = z.string().regex(KEY, { error: '設問か数の記号を入れてください。' }).register(PARTS, { pattern: KEY.source });
const test = z.discriminatedUnion('is', [
  record({ fact: factName, is: z.enum(['one_of', 'none_of']), values: list(key, 30, 1) }),
  record({ fact: factName, is: z.enum(['at_least', 'at_most']), number: yen }),
  record({ fact: factName, is: z.enum(['yes', 'no']) })
]);
export const condition = record({ match: z.enum(['all', 'any']), tests: list(test, MAX_TESTS, 1) }).register(PARTS, { id: 'condition' });

/** A value that may differ from case to case. */
export const cases = <T extends z.ZodType>(value: T) => record({ otherwise: value, cases: list(record({ when: condition, value }), MAX_CASES) });
