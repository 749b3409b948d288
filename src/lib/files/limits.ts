/** What may be uploaded, and how much of it. Pages print these numbers, so they are free of server code. */

export const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** Per application; the caller that links files to an application enforces it. */
export const MAX_FILES_PER_APPLICATION = 20;
/** Per organisation over all years, so one group cannot fill the disk. */
export const MAX_ORGANISATION_BYTES = 1024 * 1024 * 1024;
/** 48-megapixel phone pictures fit; a bomb of 64250 × 64250 does not. */
export const MAX_PIXELS = 50_000_000;
/** A scanned A4 page at 300 dpi is 3508 px high: 4000 px loses nothing a reviewer reads. */
export const MAX_LONG_SIDE_PX = 4000;
export const MAX_NAME_CODE_POINTS = 255;

export type FileKind = 'pdf' | 'jpeg' | 'png' | 'heic';

/** Endings that agree with each kind, lower case; the first one is the one we write ourselves. */
export const ENDINGS: Record<FileKind, readonly string[]> = {
  pdf: ['pdf'],
  jpeg: ['jpg', 'jpeg', 'jpe', 'jfif'],
  png: ['png'],
  heic: ['heic', 'heif', 'hif']
};

/** For `<input type="file" accept="…">`: endings as well as types, since some phones know only one of them. */
export const ACCEPT_ATTRIBUTE = 'application/pdf,image/jpeg,image/png,image/heic,image/heif,.pdf,.jpg,.jpeg,.png,.heic,.heif';

/** Media types that are kept; HEIC is turned into JPEG before it is kept. */
export type MediaType = 'application/pdf' | 'image/jpeg' | 'image/png';
export const ENDING_OF_TYPE: Record<MediaType, string> = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' };
