/** The part of qrcode that the portal uses; the package brings no types. */
declare module 'qrcode' {
  interface QrCode {
    modules: { size: number; data: Uint8Array };
  }
  const qrcode: { create(text: string, options: { errorCorrectionLevel: 'L' | 'M' | 'Q' | 'H' }): QrCode };
  export default qrcode;
}
