/** The package ships no types; only what the worker uses. */
declare module 'heic-decode' {
  type Pixels = { data: Uint8ClampedArray; width: number; height: number };
  type HeicImage = { width: number; height: number; decode: () => Promise<Pixels> };
  const decode: { all: (options: { buffer: Uint8Array }) => Promise<HeicImage[] & { dispose: () => void }> };
  export default decode;
}
