import { foldDigits } from '../money/digits.ts';
import { formatYen, parseYen } from '../money/yen.ts';
import { isDay, type Day } from '../time/day.ts';
import { parseDay, parseDayText, parseYear } from '../time/wareki.ts';
import { oneBox, type Answer, type Asked, type Field } from './field.ts';
import { messages, yenMessage } from './problems.ts';
import { cleanText } from './text.ts';

/** A judgement of what was typed; `box` names the box to put right when it is not the group as a whole. */
type Judged = { value: Day | null } | { problem: string; box?: 'month' | 'day' };

interface Ranged<R extends boolean> extends Asked<R> { min?: number; max?: number }

/** An amount in yen, 0 to 999,999,999,999 unless narrowed by `min` and `max`. Reads what `parseYen` reads. */
export function yen<const R extends boolean = false>(asked: Ranged<R>): Field<Answer<number, R>> {
  return oneBox<number, R>(asked, (typed, label) => {
    const parsed = parseYen(typed);
    if (!parsed.ok) return { problem: yenMessage(parsed.reason, label) };
    if (asked.min !== undefined && parsed.yen < asked.min) return { problem: messages.tooSmall(label, formatYen(asked.min)) };
    if (asked.max !== undefined && parsed.yen > asked.max) return { problem: messages.tooLarge(label, formatYen(asked.max)) };
    return { value: parsed.yen };
  });
}

/** A whole number in a range. `unit` ('人', '世帯') is taken after the figure and shown in messages. Commas and 全角 are taken. */
export function integer<const R extends boolean = false>(
  asked: Asked<R> & { min: number; max: number; unit?: string }
): Field<Answer<number, R>> {
  const unit = asked.unit ?? '';
  return oneBox<number, R>(asked, (typed, label) => {
    const bare = foldDigits(typed.replace(/\s/g, '')).replace(/[，、､]/g, ',').replace(/^[－−]/, '-');
    const figure = unit && bare.endsWith(unit) ? bare.slice(0, -unit.length) : bare;
    if (/^-?\d+[.．]\d*$/.test(figure)) return { problem: messages.notWhole(label) };
    if (!/^-?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})$/.test(figure) || /^-0+$/.test(figure)) return { problem: messages.notANumber(label) };
    const value = Number(figure.replaceAll(',', ''));
    if (value < asked.min) return { problem: messages.tooSmall(label, `${asked.min}${unit}`) };
    if (value > asked.max) return { problem: messages.tooLarge(label, `${asked.max}${unit}`) };
    return { value };
  });
}

/** The three boxes of a day: `${name}_year`, `${name}_month`, `${name}_day`. */
export const dayBoxes = (name: string) => [`${name}_year`, `${name}_month`, `${name}_day`] as const;

/**
 * A day as 'YYYY-MM-DD', from three boxes (西暦 or 和暦, ux F7) or one text under `name` ('2026-04-01', 令和8年4月1日).
 * `min` and `max` are days, both included. Problems are put on `name`, or on the month's or day's box when only that is empty.
 */
export function day<const R extends boolean = false>(asked: Asked<R> & { min?: Day; max?: Day }): Field<Answer<Day, R>> {
  return {
    label: asked.label,
    names: (name) => [name, ...dayBoxes(name)],
    read(name, from) {
      const label = from.label(asked.label);
      const typed = [name, ...dayBoxes(name)].map((box) => cleanText(from.one(box)));
      const hostile = typed.find((box) => !box.ok);
      if (hostile) {
        from.refuse(name, messages.control(label), true);
        return undefined;
      }
      const [whole = '', ...boxes] = typed.map((box) => (box.ok ? box.value : ''));
      const judged = whole !== '' ? judgeText(whole, label) : judgeBoxes(boxes, label, asked.required === true);
      if ('problem' in judged) {
        from.refuse(judged.box ? `${name}_${judged.box}` : name, judged.problem);
        return undefined;
      }
      if (judged.value !== null && asked.min !== undefined && judged.value < asked.min) from.refuse(name, messages.tooEarly(label, asked.min));
      else if (judged.value !== null && asked.max !== undefined && judged.value > asked.max) from.refuse(name, messages.tooLate(label, asked.max));
      else return judged.value as Answer<Day, R>;
      return undefined;
    }
  };
}

function judgeText(typed: string, label: string): Judged {
  const value = isDay(typed) ? typed : parseDayText(typed);
  return value === null ? { problem: messages.notADay(label) } : { value };
}

function judgeBoxes(boxes: readonly string[], label: string, required: boolean): Judged {
  const [year = '', month = '', date = ''] = boxes;
  const missing = [year === '' ? '年' : '', month === '' ? '月' : '', date === '' ? '日' : ''].filter((part) => part !== '');
  if (missing.length === 3) return required ? { problem: messages.required(label) } : { value: null };
  if (missing.length > 0) {
    const problem = messages.dayIncomplete(label, missing.join('と'));
    return year === '' ? { problem } : { problem, box: month === '' ? 'month' : 'day' };
  }
  if (parseYear(year) === null) return { problem: messages.notAYear(label) };
  const value = parseDay(year, month, date);
  return value === null ? { problem: messages.notADay(label) } : { value };
}
