/**
 * What makes a password good enough. Length and being hard to guess, nothing else: no rules about kinds of
 * characters, no expiry, no change of what was typed (NIST SP 800-63B-4, ASVS 6.2).
 */
import { lengthOf } from '../forms/text.ts';
import { COMMON_STEMS, KEY_RUNS, TRADE_WORDS } from './common-passwords.ts';

export const PASSWORD_MIN = 15;
export const PASSWORD_MAX = 256;

/** Guesses a password must stand, as a power of ten: three years of one machine against argon2id. */
const GUESSES_LOG10 = 10;

/** Words the person or the place gives away. */
export type PasswordContext = {
  email?: string;
  name?: string;
  /** The municipality, its portal, the person's groups. */
  words?: string[];
};

export type PasswordCheck = { ok: true } | { ok: false; message: string };

export function checkPassword(password: string, context: PasswordContext = {}): PasswordCheck {
  const length = lengthOf(password);
  if (length === 0) return { ok: false, message: 'パスワードを入力してください。' };
  if (length < PASSWORD_MIN) {
    return { ok: false, message: `パスワードは${PASSWORD_MIN}文字以上にしてください（いまは${length}文字です）。関係のない言葉をいくつか並べると、長くても覚えやすくなります。` };
  }
  if (length > PASSWORD_MAX) return { ok: false, message: `パスワードは${PASSWORD_MAX}文字までにしてください（いまは${length}文字です）。` };
  if (!password.isWellFormed()) return { ok: false, message: 'パスワードに使えない文字が入っています。別の文字で作ってください。' };
  const words = contextWords(context);
  const folded = fold(password);
  if (Math.min(guessesLog10(folded, words), guessesLog10(undisguise(folded), words)) >= GUESSES_LOG10) return { ok: true };
  // The words that gave it away stay unsaid: a page must not show pieces of a password.
  return {
    ok: false,
    message: 'このパスワードは推測されやすいので、別のものにしてください。よく使われる言葉、地名、名前、年、同じ文字や並んだキーのくり返しは避けて、関係のない言葉を4つほど並べてください。'
  };
}

/** Case and width cost a guesser nothing, so they are undone before judging. Only for judging: what is stored is what was typed. */
function fold(password: string): string {
  return password.normalize('NFKC').toLowerCase();
}

/** p@ssw0rd is password to every guesser. */
function undisguise(folded: string): string {
  const plain: Record<string, string> = { '@': 'a', '4': 'a', '0': 'o', '3': 'e', $: 's', '5': 's', '!': 'i', '1': 'i' };
  return folded.replace(/(?<=[a-z@$])[@40$53!1](?=[a-z@$])|@(?=[a-z])/g, (sign) => plain[sign] ?? sign);
}

function contextWords(context: PasswordContext): Set<string> {
  const local = (context.email ?? '').split('@')[0] ?? '';
  const domain = (context.email ?? '').split('@')[1]?.split('.')[0] ?? '';
  const raw = [local, ...local.split(/[._+-]/), domain, context.name ?? '', ...(context.name ?? '').split(/\s/), ...(context.words ?? [])];
  return new Set(raw.map((word) => fold(word.trim())).filter((word) => lengthOf(word) >= 2));
}

const LONGEST_TOKEN = 30;
const CONTEXT_COST = 1;
const TRADE_COST = 1.5;
const REPEAT_COST = 0.7;
const RUN_COST = 2;

/**
 * log10 of the guesses that the cheapest reading of the text as words, years, sequences and repetitions takes.
 * Linear in positions with a bounded look-back, so a hostile 256 characters costs no more than any other.
 */
function guessesLog10(text: string, context: Set<string>): number {
  const chars = [...text];
  const offsets = [0];
  for (const char of chars) offsets.push(offsets[offsets.length - 1]! + char.length);
  const piece = (from: number, to: number) => text.slice(offsets[from], offsets[to]);
  const best = [0];
  for (let end = 1; end <= chars.length; end++) {
    let cheapest = best[end - 1]! + characterCost(chars[end - 1]!);
    for (let start = Math.max(0, end - LONGEST_TOKEN); start < end - 1; start++) {
      if (best[start]! + REPEAT_COST >= cheapest) continue;
      const token = piece(start, end);
      // What stood before already costs nearly nothing to type again: passwordpassword, 町内会町内会.
      const repeats = 2 * start >= end && piece(2 * start - end, start) === token;
      const cost = repeats ? REPEAT_COST : tokenCost(token, end - start, context);
      if (cost !== null) cheapest = Math.min(cheapest, best[start]! + cost);
    }
    best.push(cheapest);
    // Every reading of the rest starts from one of the last positions: dear from all of them is dear enough.
    if (best.slice(-LONGEST_TOKEN).every((cost) => cost >= GUESSES_LOG10)) return cheapest;
  }
  return best[chars.length]!;
}

function characterCost(char: string): number {
  if (/[0-9]/.test(char)) return 1;
  if (/[a-z]/.test(char)) return 1.4;
  return /[!-~ ]/.test(char) ? 1.2 : 1.6;
}

/** log10 of the guesses for one piece, or null when it is nothing a guesser would try whole. */
function tokenCost(token: string, length: number, context: Set<string>): number | null {
  if (context.has(token)) return CONTEXT_COST;
  if (TRADE_WORDS.has(token)) return TRADE_COST;
  const place = length >= 3 || /[^!-~]/.test(token) ? COMMON_STEMS.get(token) : undefined;
  if (place !== undefined) return Math.max(2, Math.log10(place) + 0.5);
  if (length >= 3 && (KEY_RUNS.has(token) || /^(.)\1+$/u.test(token))) return RUN_COST;
  if (length > 8) return null;
  if (/^(19|20)[0-9]{2}(年度?)?$/.test(token)) return 1.7;
  if (/^(令和|平成|昭和|reiwa|heisei|showa|[rhs])([0-9]{1,2}|元)(年度?)?$/.test(token)) return 2;
  if (/^(19|20)?[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$/.test(token)) return 4;
  return null;
}
