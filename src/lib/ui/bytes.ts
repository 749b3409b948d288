/** 1 MB is 1,024 × 1,024 bytes here, as in the limits the server checks. */
export function bytesInWords(bytes: number): string {
  if (bytes < 1024) return `${bytes}バイト`;
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)}KB`;
  const megabytes = bytes / (1024 * 1024);
  return `${Number.isInteger(megabytes) ? megabytes : megabytes.toFixed(1)}MB`;
}
