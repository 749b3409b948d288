import { ENDINGS, MAX_LONG_SIDE_PX } from './limits.ts';
import { endingOf, withEnding } from './name.ts';

/**
 * Browser code: turns an iPhone's HEIC into a JPEG before it is sent, where the device itself can (Safari). It spares
 * the sender data and our server the decoding. Wherever it fails, the HEIC is sent as it is and drawn anew by the server.
 */

const JPEG_QUALITY = 0.9;

/** The file as JPEG when it was a HEIC this device can read, otherwise the file itself. Never rejects. */
export async function jpegOnDevice(file: File): Promise<File> {
  if (!ENDINGS.heic.includes(endingOf(file.name)) && !/^image\/hei[cf]$/u.test(file.type)) return file;
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, MAX_LONG_SIDE_PX / Math.max(bitmap.width, bitmap.height));
    const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    canvas.getContext('2d')!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY });
    return new File([jpeg], withEnding(file.name, 'jpg'), { type: 'image/jpeg', lastModified: file.lastModified });
  } catch {
    return file;
  }
}

/** Replaces the chosen files of an `<input type="file">`; for its `change` event. */
export async function convertChosen(input: HTMLInputElement): Promise<void> {
  const chosen = [...(input.files ?? [])];
  const ready = await Promise.all(chosen.map(jpegOnDevice));
  // Another choice may have been made meanwhile; it has its own event.
  const unchanged = chosen.length === input.files?.length && chosen.every((file, i) => file === input.files![i]);
  if (!unchanged || ready.every((file, i) => file === chosen[i])) return;
  const transfer = new DataTransfer();
  for (const file of ready) transfer.items.add(file);
  input.files = transfer.files;
}

/** For the `change` event of a form that takes photographs. */
export function convertOnChoice(event: Event): void {
  if (event.target instanceof HTMLInputElement && event.target.type === 'file') void convertChosen(event.target);
}
