import { existsSync, globSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROUTES = resolve(import.meta.dirname, '../../src/routes');

/** A page of the portal: Kit's id, and the addresses it answers. */
export type PageRoute = { id: string; pattern: RegExp; order: string };

/** Every `+page.svelte`, the more literal ones first, as Kit itself decides between them. */
export function pageRoutes(): PageRoute[] {
  if (!existsSync(ROUTES)) return [];
  return globSync('**/+page.svelte', { cwd: ROUTES })
    .map((file) => `/${dirname(file).replaceAll('\\', '/')}`.replace(/^\/\.$/, '/'))
    .map((id) => ({ id, pattern: patternOf(id), order: orderOf(id) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1));
}

const isParameter = (part: string) => part.startsWith('[');
const partsOf = (id: string) => id.split('/').filter((part) => part !== '' && !/^\(.*\)$/.test(part));

function patternOf(id: string): RegExp {
  const parts = partsOf(id).map((part) => (part.startsWith('[...') ? '(?:/.*)?' : part.startsWith('[[') ? '(?:/[^/]+)?' : isParameter(part) ? '/[^/]+' : `/${RegExp.escape(part)}`));
  return new RegExp(`^${parts.join('') || '/'}/?$`);
}

/** Sorts a literal part before one with a matcher, and that before a free one. */
function orderOf(id: string): string {
  return partsOf(id).map((part) => (!isParameter(part) ? '0' : part.includes('=') ? '1' : part.startsWith('[...') ? '3' : '2')).join('') + id;
}

/** The page behind an address, or undefined: a file, an endpoint, nothing. */
export function routeOf(routes: PageRoute[], pathname: string): PageRoute | undefined {
  if (/\.(pdf|zip|csv|json)$/.test(pathname) || existsEndpoint(pathname)) return undefined;
  return routes.find(({ pattern }) => pattern.test(pathname));
}

const endpoints = globSync('**/+server.ts', { cwd: ROUTES }).map((file) => `/${dirname(file).replaceAll('\\', '/')}`).filter((id) => !existsSync(join(ROUTES, id, '+page.svelte'))).map((id) => ({ id, pattern: patternOf(id) }));

function existsEndpoint(pathname: string): boolean {
  return endpoints.some(({ pattern }) => pattern.test(pathname));
}
