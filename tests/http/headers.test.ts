import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ask, encode, multipart, type Answer, type Question } from '../security/ask.ts';
import { addressOf } from '../security/personas.ts';
import { hasBuild } from '../security/portal.ts';
import { stand, tamper } from '../security/stand.ts';
import { PASSWORD } from '../security/world/people.ts';

const EVERYWHERE = {
  'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': expect.stringMatching(/camera=\(\).*geolocation=\(\).*microphone=\(\)/)
};
/** Of pages the portal renders. A script is allowed by its nonce, or by being ours. */
const PAGE_CSP = /^base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; manifest-src 'self'; object-src 'none'; script-src 'self'(?: 'nonce-[\w+/=]+')?; style-src 'self'(?: 'nonce-[\w+/=]+')?$/;
const OTHER_CSP = /^(?:base-uri 'none'; )?default-src 'none'; form-action '(?:self|none)'; frame-ancestors 'none'$/;
const FILE_CSP = /^default-src 'none'; sandbox$/;
const HTTPS = 'https://kyodo.example';

/** What is wrong with an answer's headers, whatever it answers. */
function complaints({ status, headers }: Answer, csp: RegExp): string[] {
  const wrong = Object.entries(EVERYWHERE).flatMap(([name, value]) => {
    try {
      expect(headers[name]).toEqual(value);
      return [];
    } catch {
      return [`${name}: ${String(headers[name])}`];
    }
  });
  const policy = String(headers['content-security-policy']).split('; ').sort().join('; ');
  if (!csp.test(policy)) wrong.push(`content-security-policy: ${policy}`);
  if (/unsafe|\*|http:/.test(policy)) wrong.push(`too open: ${policy}`);
  for (const name of ['server', 'x-powered-by', 'access-control-allow-origin']) if (headers[name] !== undefined) wrong.push(`${name}: ${String(headers[name])}`);
  if (status !== 303 && status !== 304 && status !== 204 && !headers['content-type']) wrong.push('no content-type');
  if (/^text\//.test(headers['content-type'] ?? '') && !/charset=utf-8/i.test(headers['content-type']!)) wrong.push(`content-type: ${headers['content-type']}`);
  return wrong;
}

describe.skipIf(!hasBuild())('headers over http', () => {
  const here = stand('headers');
  const every = async (cases: [name: string, question: Question & { as?: 'memberA' | 'officer' | 'administrator' }, status: number, csp: RegExp, cache?: RegExp][]) => {
    for (const [name, { as, ...question }, status, csp, cache] of cases) {
      const answer = await here.ask(as ?? 'visitor', question);
      expect(`${name}: ${answer.status}`).toBe(`${name}: ${status}`);
      expect(complaints(answer, csp), name).toEqual([]);
      if (cache) expect(answer.headers['cache-control'], name).toMatch(cache);
      expect(answer.headers['strict-transport-security'], name).toBeUndefined();
    }
  };
  const PRIVATE = /no-store/;

  test('pages, refusals and errors', async () => {
    const draft = `/my/applications/${here.world.cases['A.draft'].id}`;
    await every([
      ['a public page', { path: '/' }, 200, PAGE_CSP], ['its data', { path: '/__data.json' }, 200, OTHER_CSP], ['without its body', { path: '/', method: 'HEAD', headers: { origin: undefined } }, 200, PAGE_CSP],
      ['a public page with a cookie', { path: '/schemes', as: 'memberA' }, 200, PAGE_CSP, PRIVATE], ['a page of one’s own', { path: draft, as: 'memberA' }, 200, PAGE_CSP, PRIVATE], ['its data', { path: `${draft}/__data.json`, as: 'memberA' }, 200, OTHER_CSP, PRIVATE],
      ['a page of the office', { path: '/office/applications', as: 'officer' }, 200, PAGE_CSP, PRIVATE], ['nothing', { path: '/nowhere' }, 404, PAGE_CSP], ['somebody else’s', { path: draft, as: 'officer' }, 404, PAGE_CSP, PRIVATE],
      ['not for this role', { path: '/office/settings', as: 'officer' }, 403, OTHER_CSP, PRIVATE], ['sent to log in', { path: '/my' }, 303, OTHER_CSP], ['a method of no page', { path: '/my', method: 'DELETE', as: 'memberA' }, 405, OTHER_CSP, PRIVATE],
      ['a preflight', { path: '/my', method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' } }, 403, OTHER_CSP], ['a method of nobody', { path: '/', method: 'TRACE' }, 405, OTHER_CSP],
      ['another site', { path: '/login', method: 'POST', body: 'a=b', headers: { origin: 'https://evil.example' } }, 403, OTHER_CSP], ['another sort', { path: '/login', method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }, 415, OTHER_CSP, PRIVATE],
      ['too much', { path: '/login', method: 'POST', body: `a=${'a'.repeat(600_000)}` }, 413, OTHER_CSP, PRIVATE], ['no length', { path: '/login', method: 'POST', body: 'a=b', chunked: true }, 411, OTHER_CSP, PRIVATE],
      ['garbled', { path: `${draft}/project`, method: 'POST', as: 'memberA', body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=y' } }, 400, PAGE_CSP, PRIVATE],
      ['far too much', { path: `${draft}/papers?/add`, method: 'POST', as: 'memberA', ...multipart({}, [{ field: 'file', name: 'a.pdf', type: 'application/pdf', bytes: Buffer.alloc(13_000_000) }]) }, 413, PAGE_CSP, PRIVATE],
      ['a refused form', { path: '/sign-up', method: 'POST', body: encode({ email: 'x' }) }, 422, PAGE_CSP, PRIVATE], ['session over', { path: `${draft}/project`, method: 'POST', body: 'title=a' }, 401, OTHER_CSP, PRIVATE],
      ['password again', { path: `/office/staff/${here.world.people.spare}?/disable`, method: 'POST', body: 'a=b', cookie: here.world.cookies.administratorStale }, 401, OTHER_CSP, PRIVATE],
      ['a link that is over', { path: `/sign-up/${'A'.repeat(43)}` }, 410, PAGE_CSP], ['health', { path: '/healthz' }, 200, OTHER_CSP, PRIVATE], ['an address that cannot be read', { path: '/%ff' }, 400, /./]
    ]);
  });

  test('files are saved, never shown, and kept by nobody', async () => {
    const { cases } = here.world;
    const downloads: [path: string, as: 'memberA' | 'officer'][] = [
      [`/my/applications/${cases['A.draft'].id}/files/${cases['A.draft'].file}`, 'memberA'], [`/my/applications/${cases['A.released'].id}/letters/${cases['A.released'].letter}`, 'memberA'], [`/my/applications/${cases['A.released'].id}/receipt.pdf`, 'memberA'],
      [`/my/organisations/${here.world.groups.A.id}/papers/${here.world.groups.A.papers.rules}`, 'memberA'], [`/office/letters/${cases['B.released'].letter}`, 'officer'], [`/office/applications/${cases['B.submitted'].id}/document.pdf`, 'officer'],
      [`/office/editions/${here.world.editions.before.id}/letters/${here.world.batches.before}/letters.zip`, 'officer']
    ];
    for (const [path, as] of downloads) {
      const answer = await here.ask(as, { path });
      expect(`${path}: ${answer.status}`).toBe(`${path}: 200`);
      expect(complaints(answer, FILE_CSP)).toEqual([]);
      expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\w.~%!-]+$/);
      expect(answer.headers['cache-control']).toBe('private, no-store');
    }
  });

  test('static files carry the same, and what never changes may be kept for ever', async () => {
    const { text } = await here.ask('memberA', { path: '/my' });
    const assets = [...new Set([...text.matchAll(/(?:href|src)="([^"]*_app\/immutable\/[^"]+)"|import\("([^"]*_app\/immutable[^"]+)"\)/g)].map((match) => new URL(match[1] ?? match[2]!, `${here.portal.origin}/my`).pathname))];
    expect(assets.length).toBeGreaterThan(2);
    for (const path of [...assets.slice(0, 10), '/favicon.svg']) {
      const answer = await here.ask('visitor', { path });
      expect(`${path}: ${answer.status}`).toBe(`${path}: 200`);
      expect(complaints(answer, OTHER_CSP), path).toEqual([]);
      if (path.includes('immutable')) expect(answer.headers['cache-control']).toBe('public,max-age=31536000,immutable');
    }
    const missing = await here.ask('visitor', { path: '/_app/immutable/chunks/nowhere.js' });
    expect([missing.status, complaints(missing, /./)]).toEqual([404, []]);
    expect(missing.headers['cache-control'] ?? '').not.toContain('immutable');
  });

  test('every inline script has the nonce of its own answer; nothing else runs or styles inline', async () => {
    const nonces = new Set<string>();
    for (const [path, as] of [['/', 'visitor'], ['/login', 'visitor'], ['/my', 'memberA'], [`/my/applications/${here.world.cases['A.draft'].id}/budget`, 'memberA'], ['/office/applications', 'officer'], ['/office/ui', 'officer'], ['/nowhere', 'visitor']] as const) {
      const { text, headers } = await here.ask(as, { path });
      const nonce = /script-src [^;]*'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1];
      for (const [tag] of text.matchAll(/<script\b[^>]*>/g)) expect(tag).toMatch(nonce ? new RegExp(`nonce="${RegExp.escape(nonce)}"|src=|type="application/json"`) : /src=/);
      expect(text.replaceAll(/<script\b.*?<\/script>/gs, '')).not.toMatch(/<[a-z][^>]*\s(?:style|on[a-z]+)=|<style\b|javascript:/i);
      if (nonce) nonces.add(nonce);
    }
    expect(nonces.size).toBeGreaterThan(3);
  });

  test('an error of our own says nothing of itself', async () => {
    await tamper(here.owner, (tx) => tx`alter table district rename to district_away`);
    const answer = await here.ask('administrator', { path: '/office/settings/districts' });
    await tamper(here.owner, (tx) => tx`alter table district_away rename to district`);
    expect(answer.status).toBe(500);
    expect(complaints(answer, PAGE_CSP)).toEqual([]);
    expect(answer.headers['cache-control']).toMatch(PRIVATE);
    expect(answer.text).not.toMatch(/district|relation|postgres|\.server|at Object|node_modules|stack/i);
  });

  test('what Node itself refuses looks the same', async () => {
    for (const [first, status] of [['GET / HTTP/1.1\r\n\r\n', 400], ['GARBAGE\r\n\r\n', 400], [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`, 431], ['GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400], ['GET http://evil.example/ HTTP/1.1\r\nHost: a\r\n\r\n', 400]] as const) {
      const raw = await say(here.portal.origin, first);
      expect(raw).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      for (const [name, value] of Object.entries(EVERYWHERE)) if (typeof value === 'string') expect(raw.toLowerCase()).toContain(`${name}: ${value.toLowerCase()}`);
      expect(raw).toMatch(/[ぁ-ん]{2}/);
    }
  });

  test('cookies: for this site’s requests alone, unseen by scripts', async () => {
    const { headers } = await ask(here.portal.origin, { method: 'POST', path: '/login', body: encode({ email: addressOf('memberA'), password: PASSWORD }) });
    expect(headers['set-cookie']!.map((line) => line.replace(/=[\w-]{43};/, '=…;').split('; ').sort().join('; ')).sort()).toEqual([
      expect.stringMatching(/^HttpOnly; Max-Age=\d+; Path=\/; SameSite=Lax; sid=…$/), expect.stringMatching(/^HttpOnly; Max-Age=\d+; Path=\/; SameSite=Lax; device=…$/)
    ]);
    const cookie = headers['set-cookie']!.map((line) => line.split(';')[0]).join('; ');
    const out = await ask(here.portal.origin, { method: 'POST', path: '/logout', cookie, body: '' });
    expect(out.headers['clear-site-data']).toBe('"cache", "storage"');
    expect(out.headers['set-cookie']).toEqual([expect.stringMatching(/^sid=; (?=.*Max-Age=0)(?=.*HttpOnly)(?=.*Path=\/;?)/)]);
    // The server forgot it too: the old cookie is nobody.
    expect((await ask(here.portal.origin, { path: '/my', cookie })).status).toBe(303);
  });
});

describe.skipIf(!hasBuild())('headers over https', () => {
  const here = stand('headers-https', { ORIGIN: HTTPS });
  const from = { origin: HTTPS };

  test('pinned to https, cookies bound to the host', async () => {
    const { headers, status } = await here.ask('visitor', { path: '/' });
    expect([status, headers['strict-transport-security']]).toEqual([200, 'max-age=31536000; includeSubDomains']);
    expect((await here.ask('visitor', { path: '/favicon.svg' })).headers['strict-transport-security']).toBeDefined();
    const login = await here.ask('visitor', { method: 'POST', path: '/login', body: encode({ email: addressOf('memberA'), password: PASSWORD }), headers: from });
    expect(login.status).toBe(303);
    for (const line of login.headers['set-cookie']!) {
      expect(line).toMatch(/^__Host-(?:sid|device)=[\w-]{43};/);
      expect(line).toMatch(/; Secure(?:;|$)/);
      expect(line).toMatch(/; HttpOnly(?:;|$)/);
      expect(line).toMatch(/; SameSite=Lax(?:;|$)/);
      expect(line).toMatch(/; Path=\/(?:;|$)/);
      expect(line).not.toMatch(/Domain/i);
      expect(line.length).toBeLessThan(4_096);
    }
    const cookie = login.headers['set-cookie']!.map((line) => line.split(';')[0]).join('; ');
    expect((await here.ask('visitor', { path: '/my', cookie })).status).toBe(200);
    // A cookie of the other name, which another host of the domain could set, counts for nothing.
    expect((await here.ask('visitor', { path: '/my', cookie: cookie.replaceAll('__Host-', '') })).status).toBe(303);
    expect((await here.ask('visitor', { method: 'POST', path: '/login', body: 'a=b' })).status).toBe(403);
  });
});

function say(origin: string, text: string): Promise<string> {
  return new Promise((answered, failed) => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => socket.write(text));
    const parts: Buffer[] = [];
    socket.on('data', (part) => parts.push(part));
    socket.on('error', failed);
    socket.on('close', () => answered(Buffer.concat(parts).toString('utf8')));
  });
}
