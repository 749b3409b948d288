/**
 * Mail addresses as they may reach a header and an envelope: letters, digits and a few signs, never a quote, comma,
 * space or control. Dots may stand anywhere before the @, because Japanese carriers have given out such addresses.
 * nodemailer then puts quotes of its own around that part (RFC 5321 4.1.2).
 * The same set as the form field `email`, so that whoever could sign up can be written to.
 */

const LOCAL = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/iu;
const MAX_ADDRESS_CHARS = 254;

/** The address as given when it is one, null otherwise. Nothing is repaired. */
export function mailAddress(text: string): string | null {
  if (text.length > MAX_ADDRESS_CHARS) return null;
  const at = text.lastIndexOf('@');
  const labels = text.slice(at + 1).split('.');
  if (!LOCAL.test(text.slice(0, Math.max(at, 0))) || labels.length < 2) return null;
  return labels.every((label) => LABEL.test(label)) && !/^\d+$/u.test(labels.at(-1)!) ? text : null;
}
