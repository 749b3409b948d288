/** The visitors, in a process of their own: asked over IPC for one burst at a time, answers what came back. */
import autocannon from 'autocannon';

export interface Burst { url: string; cookie: string; connections: number; seconds: number }
export interface Landed { perSecond: number; medianMs: number; failed: number }

process.on('message', async ({ url, cookie, connections, seconds }: Burst) => {
  const result = await autocannon({ url, connections, duration: seconds, headers: { cookie, accept: 'text/html' } });
  process.send?.({
    perSecond: result['2xx'] / result.duration, medianMs: result.latency.p50, failed: result.non2xx + result.errors + result.timeouts
  } satisfies Landed);
});
process.on('disconnect', () => process.exit(0));
