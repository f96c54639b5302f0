/**
 * The text as it may stand on paper: one line, NFC, no control or format characters (Unicode Cc, Cf: C0, C1, bidi
 * controls), no variation selectors, no lone surrogates. Line ends and tabs become one space.
 */
export function sanitizeTicketText(text: string): string {
  return text
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Variation_Selector}]/gu, '')
    .normalize('NFC')
}
