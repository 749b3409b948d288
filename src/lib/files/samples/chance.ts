/** Repeatable chance for tests (mulberry32): the same seed gives the same files. */
export function chance(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** A damaged copy: bytes changed, cut out, doubled, cut off, or filled with extremes. */
export function mutate(bytes: Buffer, below: (n: number) => number): Buffer {
  let out = Buffer.from(bytes);
  for (let change = 1 + below(4); change > 0; change -= 1) {
    const at = below(Math.max(1, out.length));
    const length = 1 + below(32);
    const kind = below(6);
    if (kind === 0) out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]);
    else if (kind === 1) out = Buffer.concat([out.subarray(0, at), out.subarray(at, at + length), out.subarray(at)]);
    else if (kind === 2) out = out.subarray(0, at);
    else if (kind === 3) out.fill(below(2) * 255, Math.min(at, out.length), Math.min(out.length, at + 1 + below(8)));
    else for (let i = 0; i < length; i += 1) if (at + i < out.length) out[at + i] = below(256);
    if (out.length === 0) return out;
  }
  return out;
}
