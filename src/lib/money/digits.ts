/**
 * Turns full-width digits into ASCII digits and leaves everything else alone.
 * The only place where a figure's shape is folded; Arabic and other digits stay, and are refused later (IN-5).
 */
export function foldDigits(text: string): string {
  return text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
}
