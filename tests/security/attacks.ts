import { multipart, type Fields } from './ask.ts';
import { TYPED_WORDS, type Form } from './forms.ts';

/** One dishonest or unlucky way to send a form. The body is bytes: what a client library would refuse to write is the point. */
export interface Attack { name: string; body: Buffer | string; headers?: Record<string, string>; /** Whether the words typed elsewhere must come back. */ keeps: boolean }

const percent = (text: string) => encodeURIComponent(text).replace(/%20/g, '+');
const write = (fields: Fields, more = ''): string => Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => `${percent(name)}=${percent(one)}`)).join('&') + more;
const without = (fields: Fields, name: string): Fields => Object.fromEntries(Object.entries(fields).filter(([one]) => one !== name));

/** Raw percent sequences that no text is made of, or that no text of a person holds. */
const HOSTILE: Record<string, string> = {
  'a bell': 'a%07b', NUL: 'a%00b', 'half of a surrogate pair': 'a%ED%A0%80b', 'bytes that are no UTF-8': 'a%FF%FEb', 'an override of the reading direction': 'a%E2%80%AEb', 'a noncharacter': 'a%EF%BF%BFb'
};
/** Longer than any field takes, and still a form. */
const LONG = 'a'.repeat(45_000);
const WRONG = ['ちがう形', '９９９９９９９９９９９９９９９９', '-1', '1e3', "'; drop table account --", '<script>alert(1)</script>', '00000000-0000-7000-8000-000000000000'];
/** Names that may be sent several times: boxes to tick. */
const SEVERAL = new Set(['section', 'members', 'applications']);
/** A button with one id beside it, read by its name: what else comes along is not looked at. */
const READS_BY_NAME = new Set(['/(group)/my/applications/[application]/papers']);
/** An empty list of closing days is a list. */
const MAY_BE_EMPTY = new Set(['/(office)/office/settings/closing-days']);

export function attacksOn({ fields, words, strict, secrets = [], file, route }: Form): Attack[] {
  const typed = Object.entries(fields).find(([, value]) => value.includes(TYPED_WORDS))?.[0];
  const replaced = (name: string, raw: string, what: string): Attack => ({ name: `${name} is ${what}`, body: write(without(fields, name), `&${percent(name)}=${raw}`), keeps: typed !== undefined && typed !== name });
  const keeps = typed !== undefined;
  const names = Object.keys(fields).filter((name) => !name.startsWith('_'));
  const single = names.find((name) => !SEVERAL.has(name) && !secrets.includes(name) && name !== typed);
  return [
    ...words.flatMap((name) => [...Object.entries(HOSTILE).map(([what, raw]) => replaced(name, raw, what)), replaced(name, LONG, 'too long')]),
    ...strict.flatMap((name) => WRONG.map((value) => replaced(name, percent(value), value))), ...strict.slice(0, 1).flatMap((name) => Object.entries(HOSTILE).map(([what, raw]) => replaced(name, raw, what))),
    ...secrets.map((name) => replaced(name, LONG, 'too long')),
    ...(READS_BY_NAME.has(route) ? [] : [{ name: 'a field nobody asked for', body: write(fields, '&kanaria_unknown=1'), keeps }]),
    ...(single && !READS_BY_NAME.has(route) ? [{ name: `${single} twice`, body: write(fields, `&${percent(single)}=1`), keeps: keeps && !secrets.includes(typed!) }] : []),
    ...(names[0] ? [{ name: `a file for ${names[0]}`, ...multipart(without(fields, names[0]), [{ field: names[0], name: 'x.txt', type: 'text/plain', bytes: Buffer.from('x') }]), keeps: keeps && typed !== names[0] }] : []),
    ...(file ? [{ name: 'words for a file', body: write({ ...fields, [file]: '会則.pdf' }), keeps }] : []),
    ...(MAY_BE_EMPTY.has(route) ? [] : [{ name: 'nothing at all', body: 'x'.slice(1), headers: { 'content-type': 'application/x-www-form-urlencoded' }, keeps: false }]),
    ...[...words, ...strict].slice(0, 1).map((name) => ({ ...replaced(name, 'a'.repeat(260_000), 'longer than a whole form'), keeps: false }))
  ];
}
