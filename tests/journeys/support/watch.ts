import type { BrowserContext, Page } from '@playwright/test';

/**
 * Writes down what no page of the portal may ever do: ask another host (closed networks), break its own
 * Content-Security-Policy, throw in the browser, or answer 5xx. `problems` fills while the pages are used.
 */
export function watch(context: BrowserContext, origin: string, problems: string[]): void {
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !['data:', 'blob:', 'about:'].includes(url.protocol)) problems.push(`foreign request: ${request.url()} from ${request.frame().url()}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 500) problems.push(`answer ${response.status()}: ${response.request().method()} ${response.url()}`);
  });
  context.on('console', (message) => {
    if (/Content.Security.Policy|Refused to /i.test(message.text())) problems.push(`CSP: ${message.text()} at ${message.page()?.url()}`);
  });
  context.on('weberror', (error) => problems.push(`exception in the page: ${error.error().message} at ${error.page()?.url()}`));
}

/** Page addresses for messages: without the host, and with ids shortened. */
export function shortPath(page: Page): string {
  const url = new URL(page.url());
  return (url.pathname + url.search).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => `${id.slice(-4)}`);
}
