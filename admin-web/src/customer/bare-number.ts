/** A number without what people put between its digits, full-width digits as ASCII, letters as capitals. */
export function bareNumber(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s()-]/g, '')
}
