/** How exact values, rates and brackets are written for people. One place, so that trace, editor and messages say the same. Pure. */
import { formatYenPlain, type Rounding } from '../money/yen.ts';
import { formatWareki } from '../time/wareki.ts';
import { type Figure, type Quantity, type Rate } from './formula.ts';
import { floor, isMultiple, isWhole, rational, subtract, type Rational } from './rational.ts';

const THOUSANDTH = rational(1, 1000);

/** '12,345', '61,728.5' where three places say it exactly, '12,345と3分の2' otherwise: never a rounded figure that looks exact. */
export function exactInWords(value: Rational): string {
  const whole = floor(value);
  const head = formatYenPlain(Number(whole));
  if (isWhole(value)) return head;
  const rest = subtract(value, rational(whole));
  if (!isMultiple(rest, THOUSANDTH)) return `${head}と${rest.d}分の${rest.n}`;
  return `${head}.${String((rest.n * 1000n) / rest.d).padStart(3, '0').replace(/0+$/, '')}`;
}

const UNITS: Record<Quantity, string> = { yen: '円', share: '％', count: '' };

/** 「30,000円」「120世帯」「34％」. */
export const valueInWords = (value: Rational, quantity: Quantity, unit: string): string =>
  `${exactInWords(value)}${quantity === 'count' ? unit : UNITS[quantity]}`;

/** 「2分の1」; everything is 「全額（10分の10）」 and nothing 「0（対象外）」. */
export function rateOfWords({ numerator, denominator }: Rate): string {
  if (numerator === 0) return '0（対象外）';
  return numerator === denominator ? '全額（10分の10）' : `${denominator}分の${numerator}`;
}

const unitInWords = (unit: number): string => (unit === 10_000 ? '1万円' : `${formatYenPlain(unit)}円`);
const ROUNDING_WORDS: Record<Rounding, string> = { down: '切捨て', up: '切上げ', half_up: '四捨五入' };

/** 「1,000円未満切捨て」. */
export const roundingOfWords = (unit: number, mode: Rounding): string => `${unitInWords(unit)}未満${ROUNDING_WORDS[mode]}`;

/** 「101〜150基」「151基以上」「1世帯」. */
export function spanInWords({ from, to }: { from: number; to: number | null }, unit: string): string {
  if (to === null) return `${formatYenPlain(from)}${unit}以上`;
  return from === to ? `${formatYenPlain(from)}${unit}` : `${formatYenPlain(from)}〜${formatYenPlain(to)}${unit}`;
}

/** 「令和8年4月1日現在、自治会の名簿」: where a figure comes from and on which day it was taken. */
export const sourceInWords = ({ basis_on, source }: Pick<Figure, 'basis_on' | 'source'>): string =>
  [basis_on === null ? '' : `${formatWareki(basis_on)}現在`, source].filter((part) => part !== '').join('、');
