/** A phone number with its middle hidden, 138****8000; numbers of fewer than eight digits show their last two only. */
export function maskPhone(phone: string): string {
  const digits = [...phone]
  if (digits.length < 8) return `****${digits.slice(-2).join('')}`
  return `${digits.slice(0, -8).join('')}****${digits.slice(-4).join('')}`
}

/** An ID number of which only the last four characters are shown, **************0021. */
export function maskIdNumber(idNumber: string): string {
  const characters = [...idNumber]
  const shown = characters.length > 4 ? characters.slice(-4) : []
  return '*'.repeat(characters.length - shown.length) + shown.join('')
}
