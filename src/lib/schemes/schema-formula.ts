/** The schema of a scheme's arithmetic (`formulas/formula.ts`). What the steps mean together is for `formulas/check.ts` to judge. */
import * as z from 'zod';
import { LIMITS, ROUNDING_UNITS } from '../formulas/formula.ts';
import { cases, condition, count, day, filledLine, key, line, list, rate, record, whole, yen } from './schema-parts.ts';

const figure = record({
  key, label: filledLine(LIMITS.label), quantity: z.enum(['count', 'yen']), unit: line(10), source: line(LIMITS.label), basis_on: day.nullable(),
  minimum: yen, maximum: yen, when: condition.nullable(), from: z.enum(['typed', 'members', 'households', 'lights'])
});

const rowList = record({
  key, label: filledLine(LIMITS.label), unit: line(10), classes: list(record({ key, label: filledLine(LIMITS.label) }), LIMITS.classes),
  maximum_rows: whole(1, LIMITS.list_rows), when: condition.nullable()
});

const rounding = z.enum(['down', 'up', 'half_up']);
const unit = whole(1, 10_000).refine((value) => (ROUNDING_UNITS as readonly number[]).includes(value), { error: '端数の単位は1円・10円・100円・1,000円・1万円のどれかにしてください。' });
const references = list(key, LIMITS.references);
const band = record({ from: count, to: count.nullable(), yen });
const yenBand = record({ from: yen, to: yen.nullable(), yen });
/** What every step has beside its own fields. */
const named = { key, label: filledLine(LIMITS.label) };

const step = z.discriminatedUnion('do', [
  record({ ...named, do: z.literal('amount'), yen: cases(yen) }),
  record({ ...named, do: z.literal('rate'), of: key, rate: cases(rate) }),
  record({ ...named, do: z.literal('sum'), of: references }),
  record({ ...named, do: z.literal('less'), from: key, minus: references }),
  record({ ...named, do: z.literal('least'), of: references }),
  record({ ...named, do: z.literal('greatest'), of: references }),
  record({ ...named, do: z.literal('cap'), of: key, yen: cases(yen) }),
  record({ ...named, do: z.literal('units'), lines: list(record({ figure: key, yen: cases(yen) }), LIMITS.lines) }),
  record({ ...named, do: z.literal('tiers'), figure: key, tiers: list(band, LIMITS.tiers) }),
  record({ ...named, do: z.literal('bracket'), of: key, brackets: list(yenBand, LIMITS.tiers) }),
  record({ ...named, do: z.literal('share'), figure: key, of: key }),
  record({
    ...named, do: z.literal('each'), rows: key, rounding: record({ unit, mode: rounding }),
    classes: list(record({ class: key, rate, cap_yen: yen.nullable() }), LIMITS.classes)
  }),
  record({ ...named, do: z.literal('round'), of: key, unit, mode: rounding })
]);

export const formula = record({ figures: list(figure, LIMITS.figures), rows: list(rowList, LIMITS.rows), steps: list(step, LIMITS.steps) });
