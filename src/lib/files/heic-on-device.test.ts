import { describe, expect, it } from 'vitest';
import { jpegOnDevice } from './heic-on-device.ts';

describe('a HEIC on a device that cannot read it', () => {
  it('is sent as it is, like every other file', async () => {
    for (const name of ['IMG_0001.HEIC', '写真.heif', '申請書.pdf']) {
      const file = new File(['x'], name);
      expect(await jpegOnDevice(file)).toBe(file);
    }
  });
});
