/** A browser without a screen: pages read as text, forms sent with the hidden fields they came with. */
import { ask, encode, type Answer, type Fields } from '../security/ask.ts';

export interface Page extends Answer {
  /** Hidden fields of the form for this action ('' is the page's only one). */
  hidden(action?: string): Record<string, string>;
}

export class Browser {
  readonly origin: string;
  cookie: string | undefined;

  constructor(origin: string) {
    this.origin = origin;
  }

  async open(path: string): Promise<Page> {
    return read(await ask(this.origin, { path, cookie: this.cookie }));
  }

  /** Sends fields as they are: nothing is added. */
  async send(path: string, fields: Fields): Promise<Page> {
    return read(await ask(this.origin, { method: 'POST', path, cookie: this.cookie, body: encode(fields) }));
  }

  /** Opens the page, fills in its form and sends it. */
  async fill(path: string, fields: Fields, action = ''): Promise<Page> {
    const page = await this.open(path);
    const [address, query] = path.split('?');
    return this.send(action ? `${address}?/${action}${query ? `&${query}` : ''}` : path, { ...page.hidden(action), ...fields });
  }

  async signIn(email: string, password: string): Promise<this> {
    const answer = await this.fill('/login', { email, password });
    this.cookie = [answer.headers['set-cookie'] ?? []].flat().map((line) => line.split(';')[0]).join('; ');
    if (answer.status !== 303 || !this.cookie) throw new Error(`${email} could not sign in: ${answer.status}`);
    return this;
  }
}

function read(answer: Answer): Page {
  const forms = [...answer.text.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].filter(([, head]) => /method="post"/i.test(head ?? '') && !/action="\/(?:logout|login)/.test(head ?? ''));
  return {
    ...answer,
    hidden(action = '') {
      const form = forms.find(([, head]) => (action ? new RegExp(`action="\\?/${action}\\b`).test(head ?? '') : true));
      return Object.fromEntries([...(form?.[2] ?? '').matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, plain(value)]));
    }
  };
}

/** The five entities that Svelte writes. */
const plain = (text: string): string => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

/** The page's words, without marks, script and style: what a person reads. */
export const words = (page: Answer): string =>
  plain(page.text.replace(/<(script|style)\b.*?<\/\1>/gs, '').replace(/<!--.*?-->/gs, '').replace(/<[^>]+>/g, '')).replace(/\s+/g, ' ');
