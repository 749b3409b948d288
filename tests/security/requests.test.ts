import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ask, encode, multipart, type Question } from './ask.ts';
import { formsOf } from './forms.ts';
import { manifest, paramsOf, pathOf } from './manifest.ts';
import { hasBuild, ROOT } from './portal.ts';
import { inJapanese, stand } from './stand.ts';
import { PASSWORD } from './world/people.ts';
import { addressOf } from './personas.ts';

describe.skipIf(!hasBuild())('requests no page of ours would send', () => {
  const here = stand('requests');
  const draft = () => `/my/applications/${here.world.cases['A.draft'].id}`;
  const refused = async (question: Omit<Question, 'path'> & { path?: string }, statuses: number[]) => {
    const answer = await here.ask('memberA', { method: 'POST', path: `${draft()}/project`, ...question });
    expect(statuses, `${answer.status}: ${answer.text.slice(0, 200)}`).toContain(answer.status);
    expect(inJapanese(answer.text), answer.text.slice(0, 200)).toBe(true);
  };

  test('bodies that cannot be read are the sender’s to send again', async () => {
    const form = (type: string | undefined, body: string | Buffer) => refused({ body, headers: { 'content-type': type } }, [400, 415]);
    await form('multipart/form-data', 'abc');
    await form('multipart/form-data; boundary=x', '');
    await form('multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="title"\r\n\r\ncut of');
    await form('multipart/form-data; boundary=x', Buffer.from([0xff, 0xfe, 0, 1, 2]));
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded-not', 'application/octet-stream', 'multipart/mixed; boundary=x', undefined]) await form(type, 'title=a');
  });

  test('what is too large is refused in words, with a length and without, and the line stays usable', { timeout: 60_000 }, async () => {
    const upload = (bytes: number) => multipart({ paper: here.world.cases['A.draft'].paper }, [{ field: 'file', name: '大.pdf', type: 'application/pdf', bytes: Buffer.alloc(bytes, 65) }]);
    const files = `${draft()}/papers?/add`;
    const MB = 1024 * 1024;
    await refused({ body: `title=${'a'.repeat(600_000)}` }, [413]);
    await refused({ body: 'title=a', chunked: true }, [411]);
    await refused({ body: Buffer.alloc(13 * MB, 97), chunked: true }, [411]);
    for (const chunked of [false, true]) {
      await refused({ path: files, ...upload(11 * MB), chunked }, [413]);
      await refused({ path: files, ...upload(13 * MB), chunked }, [413]);
    }
    // The same connection asks again at once: what was refused unread must not stand in the way.
    for (const body of [600_000, 300_000]) {
      const answers = await onOneLine(here.portal.origin, [`POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: cross-site\r\nContent-Length: ${body}\r\n`, 'a'.repeat(body), 'GET /healthz HTTP/1.1\r\n']);
      expect(answers).toEqual([expect.stringMatching(/^4/), '200']);
    }
  });

  test('addresses that mean nothing are 4xx, whatever stands in them', { timeout: 60_000 }, async () => {
    const wrong: string[] = [];
    const odd = ['%00', '%FF', '%ED%A0%80', '%E2%80%AE', 'null', '-1', '..%2f..%2fetc%2fpasswd', 'a'.repeat(4_000), "'%20or%201=1--", '%F0%A0%AE%B7'];
    for (const { id } of manifest(ROOT).filter((route) => paramsOf(route.id).length > 0)) {
      for (const value of odd) {
        for (const persona of ['administrator', 'officer', 'panel'] as const) {
          const { status } = await here.ask(persona, { path: pathOf(id, Object.fromEntries(paramsOf(id).map((name) => [name, value]))) });
          if (status >= 500 || status === 200) wrong.push(`${id} with ${value.slice(0, 20)} as ${persona}: ${status}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('search and paging take anything without breaking', async () => {
    const id = here.world.people.spare;
    const wrong: string[] = [];
    const pages = ['/my?before=', '/projects?after=', '/login?next=', '/my/applications/new?edition=', '/office/staff?search=', '/office/staff?after=', '/office/audit?before=', '/office/mail?before=', '/office/applications?after=', '/office/applications?before=', '/office/applications?state=', '/office/applications?edition=', '/office/applications?assigned='];
    for (const page of pages) {
      for (const value of ['%00', '%ED%A0%80', '%FF', '999999999999999', '99999999999999999999', '9999-99-99T99:99:99.999999Z_' + id, '0000-01-01T00:00:00.000000Z_' + id, `9999_${id}`, '-1', '%25', '%5C%25_']) {
        const { status } = await here.ask(page.startsWith('/office/applications') ? 'officer' : 'administrator', { path: page + value });
        if (status >= 500) wrong.push(`${page}${value}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('another site’s forms change nothing, in any of the shapes they come in', { timeout: 60_000 }, async () => {
    const { origin } = here.portal;
    const foreign = { origin: 'https://kanaria.example' };
    const shapes: Record<string, string | undefined>[] = [
      { ...foreign, 'sec-fetch-site': 'cross-site' }, { ...foreign, 'sec-fetch-site': undefined }, { ...foreign, 'sec-fetch-site': 'same-origin' }, { origin: 'null', 'sec-fetch-site': undefined }, { origin: 'null', 'sec-fetch-site': 'cross-site' },
      { origin: 'null', 'sec-fetch-site': 'same-origin' }, { origin, 'sec-fetch-site': 'cross-site' }, { origin, 'sec-fetch-site': 'same-site' }, { origin, 'sec-fetch-site': 'none' }, { origin: undefined, 'sec-fetch-site': undefined },
      { origin: undefined, 'sec-fetch-site': 'cross-site' }, { origin: `${origin}.kanaria.example`, 'sec-fetch-site': undefined }, { origin: origin.replace('http:', 'https:'), 'sec-fetch-site': undefined }
    ];
    const before = await here.stored();
    const wrong: string[] = [];
    for (const { path, persona, fields } of formsOf(here.world)) {
      for (const headers of shapes) {
        const { status } = await here.ask(persona, { method: 'POST', path, body: encode(fields), headers });
        if (status !== 403) wrong.push(`${path} with ${JSON.stringify(headers)}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await here.stored()).toBe(before);
  });

  test('after log-in nobody is led away', { timeout: 60_000 }, async () => {
    const outside = [
      '//evil.example', '/\\evil.example', '\\\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/%5Cevil.example', '/%2F%2Fevil.example', '/.//evil.example', '/%2e/%2fevil.example', '/\tevil', ' //evil.example', '/%0d%0aLocation:%20https://evil.example',
      '/\r\nSet-Cookie: a=b', 'data:text/html,x', '///evil.example', '/@evil.example', '?x', '#x', '', 'my', '/' + 'a'.repeat(3_000), 'http:evil.example', '/\u3000/evil.example', '/%09/evil.example', '/..//evil.example'
    ];
    for (const next of outside) {
      const { headers } = await here.ask('memberA', { path: `/login?next=${encodeURIComponent(next)}` });
      const to = new URL(headers.location!, 'http://portal.invalid');
      expect(`${next} → ${headers.location}: ${to.origin}`).toBe(`${next} → ${headers.location}: http://portal.invalid`);
      expect(headers.location).toMatch(/^\/(?![/\\])/);
    }
    const { headers, status } = await ask(here.portal.origin, { method: 'POST', path: '/login', body: encode({ email: addressOf('memberA'), password: PASSWORD, next: '//evil.example' }) });
    expect([status, headers.location]).toEqual([303, '/my']);
  });

  test('links in mails come from the setting, not from who asks', async () => {
    const email = addressOf('representativeB');
    const spoofed = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' };
    for (const host of ['evil.example', undefined]) await ask(here.portal.origin, { method: 'POST', path: '/password-reset', body: encode({ email }), headers: { ...spoofed, ...(host ? { host } : {}) } });
    const mails = await here.owner<{ body: string }[]>`select body from mail_outbox where to_address = ${email} and template like '%reset%'`;
    expect(mails.length).toBeGreaterThan(0);
    for (const { body } of mails) {
      expect(body).toContain(`${here.portal.origin}/password-reset/`);
      expect(body).not.toContain('evil');
    }
  });
});

/** Several requests on one connection; answers the status of each. */
function onOneLine(origin: string, parts: string[]): Promise<string[]> {
  const { port, host } = new URL(origin);
  return new Promise((answered, failed) => {
    const socket = connect(Number(port), '127.0.0.1');
    let text = '';
    const done = () => { clearTimeout(limit); socket.destroy(); answered([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]!)); };
    const limit = setTimeout(done, 5_000);
    socket.on('error', failed);
    socket.on('data', (data) => {
      text += data.toString('latin1');
      if ([...text.matchAll(/HTTP\/1\.1 \d+/g)].length === 2) done();
    });
    for (const part of parts) socket.write(part.includes(' HTTP/1.1\r\n') ? `${part}Host: ${host}\r\n\r\n` : part);
  });
}
