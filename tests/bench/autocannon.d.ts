/** The part of autocannon 9 the bench uses; the package brings no types. */
declare module 'autocannon' {
  export default function autocannon(options: { url: string; connections: number; duration: number; headers: Record<string, string> }): Promise<{
    '2xx': number; non2xx: number; errors: number; timeouts: number; duration: number; latency: { p50: number };
  }>;
}
