import { integer, multiline, postcode, readForm, text, email, type ReadForm, type Typed } from '../forms/read.ts';
import { echo } from '../forms/echo.ts';
import { messages, type Problem } from '../forms/problems.ts';
import { parseDayText } from '../time/wareki.ts';
import { isDay } from '../time/day.ts';
import { SETTING_LABELS as L, type CitySettings, type ClosingDay } from './settings.ts';

export type Parsed<V> = { ok: true; value: V } | { ok: false; status: 400 | 413 | 422; values: Typed; problems: Problem[] };

/** The city's settings as typed. The city code and the postal code may stay empty until they are known. */
export function parseCity(form: FormData): Parsed<Omit<CitySettings, 'version'>> {
  const read = readForm(form, {
    portal_name: text({ label: L.portal_name, max: 60, required: true }), city_name: text({ label: L.city_name, max: 40, required: true }),
    city_code: text({ label: L.city_code, max: 6 }), mayor_title: text({ label: L.mayor_title, max: 40, required: true }),
    mayor_name: text({ label: L.mayor_name, max: 60, required: true }), section_name: text({ label: L.section_name, max: 60, required: true }),
    postal_code: postcode({ label: L.postal_code }), address: text({ label: L.address, max: 200 }), phone: text({ label: L.phone, max: 40, required: true }),
    office_hours: text({ label: L.office_hours, max: 100, required: true }), letterhead: text({ label: L.letterhead, max: 200 }),
    seal_omitted_text: text({ label: L.seal_omitted_text, max: 40 }), document_mark: text({ label: L.document_mark, max: 20, required: true }),
    mail_sender_name: text({ label: L.mail_sender_name, max: 60, required: true }), mail_sender_address: email({ label: L.mail_sender_address, required: true }),
    association_word: text({ label: L.association_word, max: 20, required: true }),
    fiscal_year_start_month: integer({ label: L.fiscal_year_start_month, min: 1, max: 12, unit: '月', required: true })
  });
  if (!read.ok) return read;
  const { value } = read;
  if (value.city_code !== null && !/^\d{6}$/.test(value.city_code)) {
    return { ok: false, status: 422, values: echo(form), problems: [{ field: 'city_code', message: `${L.city_code}は6けたの数字で入力してください。` }] };
  }
  return {
    ok: true, value: {
      ...value, city_code: value.city_code ?? '', postal_code: value.postal_code ?? '', address: value.address ?? '',
      letterhead: value.letterhead ?? '', seal_omitted_text: value.seal_omitted_text ?? ''
    }
  };
}

/** Districts, one a line. */
export function parseDistricts(form: FormData): Parsed<string[]> {
  const read = readForm(form, { names: multiline({ label: '地区', max: 4000, required: true }) });
  if (!read.ok) return read;
  const names = [...new Set(read.value.names.split('\n').map((line) => line.trim()).filter(Boolean))];
  const long = names.find((name) => [...name].length > 40);
  if (long !== undefined) return { ok: false, status: 422, values: echo(form), problems: [{ field: 'names', message: messages.tooLong('地区の名前', 40, [...long].length) }] };
  return { ok: true, value: names };
}

/** Closing days, one a line: a day, a space, the reason. Both calendars are read. */
export function parseClosingDays(form: FormData): Parsed<ClosingDay[]> {
  const read: ReadForm<{ days: ReturnType<typeof multiline> }> = readForm(form, { days: multiline({ label: '閉庁日', max: 40_000 }) });
  if (!read.ok) return read;
  const problems: Problem[] = [];
  const days = new Map<string, string>();
  (read.value.days ?? '').split('\n').forEach((line, index) => {
    const [typed = '', ...rest] = line.trim().split(/[\s　]+/u);
    if (typed === '') return;
    const day = isDay(typed) ? typed : parseDayText(typed);
    const reason = rest.join(' ') || '閉庁日';
    if (day === null) problems.push({ field: 'days', message: `${index + 1}行目: ${messages.notADay('日付')}` });
    else if ([...reason].length > 60) problems.push({ field: 'days', message: messages.tooLong(`${index + 1}行目の理由`, 60, [...reason].length) });
    else days.set(day, reason);
  });
  if (problems.length > 0) return { ok: false, status: 422, values: echo(form), problems: problems.slice(0, 10) };
  return { ok: true, value: [...days].map(([on_day, reason]) => ({ on_day, reason })) };
}
