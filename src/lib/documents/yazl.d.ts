/** The part of yazl that the letters' zip uses; the package brings no types. */
declare module 'yazl' {
  import type { Readable } from 'node:stream';

  export class ZipFile {
    readonly outputStream: Readable;
    addReadStreamLazy(path: string, options: { mtime?: Date; compress?: boolean; size?: number }, open: (done: (error: unknown, stream?: Readable) => void) => void): void;
    end(): void;
    on(event: 'error', listener: (error: unknown) => void): this;
  }
}
