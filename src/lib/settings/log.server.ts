/** JSON lines on standard output: time, event, request, route, outcome. Never a name, an address, a token or typed text. */

type Level = 'info' | 'warning' | 'error';

/** Writes one line. An error is reduced to its name, code and the frames of its stack; its message may quote typed text and is left out. */
export function log(level: Level, fields: { event: string; error?: unknown } & Record<string, unknown>): void {
  const { error, ...rest } = fields;
  const line = { at: new Date().toISOString(), level, ...rest, ...(error === undefined ? {} : { error: describe(error) }) };
  process.stdout.write(JSON.stringify(line) + '\n');
}

function describe(error: unknown) {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code } = error as { code?: unknown };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at ')).slice(0, 8).map((line) => line.trim());
  return { name: error.name, ...(typeof code === 'string' ? { code } : {}), frames };
}
