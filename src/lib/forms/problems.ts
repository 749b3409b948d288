import { MAX_YEN, formatYen, type YenRefusal } from '../money/yen.ts';
import { formatWarekiBoth } from '../time/wareki.ts';
import type { Day } from '../time/day.ts';

/** One thing to put right: `field` is the input's name (the group's name for a date), `message` says how, in Japanese. */
export interface Problem { field: string; message: string }

/** The first message for `field`; null when there is none. Shown beside the field and, word for word, in the summary (ux F4). */
export function messageFor(problems: readonly Problem[] | null | undefined, field: string): string | null {
  return problems?.find((problem) => problem.field === field)?.message ?? null;
}

/** The message catalogue. Every sentence names the field and says what to do; none scolds (ux F4). Counts are code points. */
export const messages = {
  required: (label: string) => `${label}を入力してください。`,
  requiredChoice: (label: string) => `${label}を選んでください。`,
  requiredCheck: (label: string) => `「${label}」を確かめて、チェックを付けてください。`,
  tooLong: (label: string, max: number, count: number) =>
    `${label}は${max}文字までで入力してください。いまは${count}文字なので、${count - max}文字減らしてください。`,
  tooShort: (label: string, min: number, count: number) =>
    `${label}は${min}文字以上で入力してください。いまは${count}文字なので、あと${min - count}文字足してください。`,
  control: (label: string) => `${label}に目に見えない制御文字が入っています。消して、もう一度入力してください。`,
  broken: (label: string) => `${label}に文字化けした字が入っています。その字を入力し直してください。`,
  direction: (label: string) => `${label}に文字の向きを変える記号が入っています。消して、もう一度入力してください。`,
  notKana: (label: string) => `${label}はカタカナで入力してください。例：タカハギ　ハナコ`,
  notANumber: (label: string, example = '12') => `${label}は数字だけで入力してください。例：${example}`,
  notWhole: (label: string) => `${label}は小数点のない数字で入力してください。例：12`,
  tooSmall: (label: string, min: string) => `${label}は${min}以上で入力してください。`,
  tooLarge: (label: string, max: string) => `${label}は${max}以下で入力してください。`,
  notADay: (label: string) => `${label}は、実際にある年月日を入力してください。例：令和8年4月1日、または2026年4月1日`,
  notAYear: (label: string) => `${label}の年は「令和8」または「2026」のように入力してください。`,
  dayIncomplete: (label: string, missing: string) => `${label}の${missing}を入力してください。`,
  tooEarly: (label: string, min: Day) => `${label}は${formatWarekiBoth(min)}以後の日を入力してください。`,
  tooLate: (label: string, max: Day) => `${label}は${formatWarekiBoth(max)}以前の日を入力してください。`,
  notInList: (label: string) => `${label}を、画面に出ているものから選び直してください。`,
  tooMany: (label: string, max: number) => `${label}は${max}個までで選んでください。`,
  notEmail: (label: string) => `${label}は「name@example.jp」のように、@をひとつ入れて入力してください。`,
  notPhone: (label: string) => `${label}は市外局番から、10けたか11けたの数字で入力してください。例：0293-23-2111`,
  notPostcode: (label: string) => `${label}は7けたの数字で入力してください。例：318-8511`,
  notCorporateNumber: (label: string) => `${label}は13けたの数字で入力してください。`,
  wrongCheckDigit: (label: string) => `${label}の数字がどこか違っているようです。国税庁の通知の13けたと見比べてください。`,
  notAnId: (label: string) => `${label}が読み取れませんでした。前の画面に戻って、もう一度選んでください。`,
  rowsRequired: (label: string, min: number) => `${label}を${min}行以上入力してください。`,
  tooManyRows: (label: string, max: number) => `${label}は${max}行までで入力してください。`,
  fileInstead: (label: string) => `${label}にはファイルではなく文字を入力してください。`,
  repeated: (label: string) => `${label}が二重に送られました。この画面を開き直して、もう一度入力してください。`,
  unknownField: () => 'この画面にない項目が送られました。画面を開き直して、もう一度送ってください。',
  formTooLarge: (max: number) => `入力された文字が多すぎます。全部で${max}文字までに減らしてください。`,
  inRow: (row: number, label: string) => `${row}行目の${label}`
} as const;

/** The sentence for each way an amount can be refused (`parseYen`). */
export function yenMessage(reason: YenRefusal, label: string): string {
  switch (reason) {
    case 'empty': return messages.required(label);
    case 'not_a_number': return messages.notANumber(label, '120,000');
    case 'decimal': return `${label}は1円の単位で、小数点を付けずに入力してください。例：120,000`;
    case 'negative': return `${label}は0円以上で、「－」や「△」を付けずに入力してください。`;
    case 'kanji_unit': return `${label}は「万」や「千」を使わず、数字だけで入力してください。例：10万円は100,000`;
    case 'comma_place': return `${label}のコンマの位置を確かめてください。コンマはなくてもかまいません。例：120,000`;
    case 'too_large': return messages.tooLarge(label, formatYen(MAX_YEN));
  }
}
