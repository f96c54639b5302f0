/**
 * What the centre's demo file tells about the demo hospital.
 *
 * @typedef {object} DemoSheet
 * @property {{ code: string, secondItem: string, qr: string, shows: string, note: { 'zh-CN': string, en: string } }[]} bookings
 * @property {{ email: string, oneTimePassword: string | null }} admin
 */

/** One to try and one in reserve; the bench page has them all. */
const codesOfAKind = 2

/**
 * What a person needs to begin: addresses, codes to try, and the administrator's first password while it is unused.
 *
 * @param {{ kiosk: string, admin: string, bench: string, reference: string }} pages
 * @param {DemoSheet} demo
 * @returns {string}
 */
export function welcomeTable(pages, demo) {
  const { email, oneTimePassword } = demo.admin
  const codes = fewOfEachKind(demo.bookings).map(({ code, secondItem, note }) => {
    return `  ${grouped(code)}   ${secondItem}   ${note['zh-CN']} · ${note.en}`
  })
  return [
    `kiosk          ${pages.kiosk}`,
    `admin          ${pages.admin}`,
    `device bench   ${pages.bench}`,
    `API reference  ${pages.reference}`,
    '',
    'Booking codes to type at the kiosk, each with the four digits it asks for (the bench scans them):',
    ...codes,
    '',
    oneTimePassword === null
      ? `The administrator is ${email}, with the password chosen at the first sign-in.`
      : `The administrator is ${email}, one-time password ${oneTimePassword}`,
    'Ctrl-C stops everything; the data stays.',
  ].join('\n')
}

/**
 * A booking code as it is printed: in threes.
 *
 * @param {string} code
 */
function grouped(code) {
  return code.replaceAll(/(\d{3})(?=\d)/g, '$1 ')
}

/**
 * The first bookings of each kind, so that every standing can be tried.
 *
 * @param {DemoSheet['bookings']} bookings
 */
function fewOfEachKind(bookings) {
  return bookings.filter(({ shows }, index) => {
    return bookings.slice(0, index).filter((earlier) => earlier.shows === shows).length < codesOfAKind
  })
}
