import { foldDigits } from '../money/digits.ts';
import { oneBox, type Answer, type Asked, type Field } from './field.ts';
import { messages } from './problems.ts';
import { foldHyphens, foldKana, foldLatin, isKana, lengthOf } from './text.ts';

interface Sized<R extends boolean> extends Asked<R> {
  /** Most code points taken. */
  max: number;
  /** Fewest code points taken. */
  min?: number;
}

function within<R extends boolean>(value: string, label: string, asked: Sized<R>): { value: string } | { problem: string } {
  const count = lengthOf(value);
  if (count > asked.max) return { problem: messages.tooLong(label, asked.max, count) };
  if (asked.min !== undefined && count < asked.min) return { problem: messages.tooShort(label, asked.min, count) };
  return { value };
}

/** One line, kept as typed apart from `cleanText`. For names, titles, addresses. */
export function text<const R extends boolean = false>(asked: Sized<R>): Field<Answer<string, R>> {
  return oneBox<string, R>(asked, (value, label) => within(value, label, asked));
}

/** Several lines ('\n' between them), kept as typed apart from `cleanMultiline`. */
export function multiline<const R extends boolean = false>(asked: Sized<R>): Field<Answer<string, R>> {
  return oneBox<string, R>(asked, (value, label) => within(value, label, asked), 'multi');
}

/** フリガナ: ひらがな and half-width kana are taken, full-width katakana is the value (ux F6). */
export function kana<const R extends boolean = false>(asked: Sized<R>): Field<Answer<string, R>> {
  return oneBox<string, R>(asked, (typed, label) => {
    const value = foldKana(typed);
    return isKana(value) ? within(value, label, asked) : { problem: messages.notKana(label) };
  });
}

/**
 * An e-mail address, ≤ 254 characters, ASCII (full width is folded). The host is lower-cased, the part before @ is not.
 * Accepts what HTML's own check accepts plus a dot in the host; quotes, commas and line ends can't pass (IN-11).
 */
export function email<const R extends boolean = false>(asked: Asked<R>): Field<Answer<string, R>> {
  return oneBox<string, R>(asked, (typed, label) => {
    const value = foldLatin(typed).replaceAll(' ', '');
    const at = value.indexOf('@');
    const [local, host] = [value.slice(0, at), value.slice(at + 1).toLowerCase()];
    const good = at > 0 && value.length <= 254 && local.length <= 64 && /^[\w.!#$%&'*+/=?^`{|}~-]+$/.test(local)
      && host.includes('.') && host.split('.').every((part) => part.length <= 63 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(part));
    return good ? { value: `${local}@${host}` } : { problem: messages.notEmail(label) };
  });
}

/** A Japanese telephone number in any shape; the value has digits and the hyphens typed: '0293-23-2111' (ux F9). */
export function phone<const R extends boolean = false>(asked: Asked<R>): Field<Answer<string, R>> {
  return oneBox<string, R>(asked, (typed, label) => {
    const value = foldHyphens(foldLatin(typed).replace(/[()]/g, '-').replaceAll(' ', '')).replace(/^-|-$/g, '')
      .replace(/--+/g, '-').replace(/^\+81-?0?/, '0');
    return value.length <= 20 && /^0\d+(?:-\d+)*$/.test(value) && /^\d{10,11}$/.test(value.replaceAll('-', ''))
      ? { value } : { problem: messages.notPhone(label) };
  });
}

/** A postcode with or without 〒 and hyphen; the value is '318-8511' (ux F8). */
export function postcode<const R extends boolean = false>(asked: Asked<R>): Field<Answer<string, R>> {
  return oneBox<string, R>(asked, (typed, label) => {
    const [, head, tail] = /^〒?(\d{3})-?(\d{4})$/.exec(foldHyphens(foldLatin(typed).replaceAll(' ', ''))) ?? [];
    return head && tail ? { value: `${head}-${tail}` } : { problem: messages.notPostcode(label) };
  });
}

/** A uuid from a hidden input or a link, lower-cased. Does not make an otherwise empty row count as filled. */
export function uuid<const R extends boolean = false>(asked: Asked<R>): Field<Answer<string, R>> {
  const field = oneBox<string, R>(asked, (typed, label) => {
    const value = typed.toLowerCase();
    return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ? { value } : { problem: messages.notAnId(label) };
  });
  return { ...field, fillsRow: false };
}

/** 法人番号: 13 digits whose first is the check digit of the other twelve (国税庁「チェックデジットの計算」). */
export function corporateNumber<const R extends boolean = false>(asked: Asked<R>): Field<Answer<string, R>> {
  return oneBox<string, R>(asked, (typed, label) => {
    const value = foldDigits(foldHyphens(typed.replace(/\s/g, ''))).replaceAll('-', '');
    if (!/^\d{13}$/.test(value)) return { problem: messages.notCorporateNumber(label) };
    return Number(value[0]) === checkDigitOf(value.slice(1)) ? { value } : { problem: messages.wrongCheckDigit(label) };
  });
}

/** 9 − (Σ digit × weight mod 9); weights from the last digit on: 1, 2, 1, 2 … */
function checkDigitOf(twelve: string): number {
  let sum = 0;
  for (let at = 0; at < 12; at += 1) sum += Number(twelve[11 - at]) * (at % 2 === 0 ? 1 : 2);
  return 9 - (sum % 9);
}

/** A password or code: taken verbatim, never cleaned, trimmed, folded or echoed back (ASVS 6.2.8). `max` in code points. */
export function secret(asked: { label: string; max: number }): Field<string> {
  return {
    label: asked.label,
    secret: true,
    names: (name) => [name],
    read(name, from) {
      const typed = from.one(name);
      const label = from.label(asked.label);
      const count = lengthOf(typed);
      if (typed === '') from.refuse(name, messages.required(label));
      else if (count > asked.max) from.refuse(name, messages.tooLong(label, asked.max, count));
      else return typed;
      return undefined;
    }
  };
}
