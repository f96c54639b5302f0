import type { SimCard } from './sim-card.ts'

const ok = Uint8Array.of(0x90, 0x00)

/** An answer to reset that offers T=1 (ISO 7816-3: TS, T0 with TD1 and no historical bytes, TD1 = T=1, TCK). */
const atrOfT1 = Uint8Array.of(0x3b, 0x80, 0x01, 0x81)

/** An answer to reset that offers T=0: TS, T0 with four historical bytes. */
const atrOfT0 = Uint8Array.of(0x3b, 0x04, 0x59, 0x5a, 0x30, 0x31)

/**
 * A card for trying transports: `FF CA 00 00 00` gives its serial number, `80 EC …` echoes the data, `80 CD 00 00` counts the
 * commands since power-up, `80 DE 00 00` hangs. Anything else is an unknown instruction (ISO 7816-4: 6D 00).
 */
export function echoCard(options: { serial: number; protocol?: 'T=0' | 'T=1'; mute?: boolean }): SimCard {
  const atr = options.protocol === 'T=0' ? atrOfT0 : atrOfT1
  let commands = 0
  return {
    atr: options.mute === true ? new Uint8Array() : atr,
    powerUp() {
      commands = 0
    },
    answer(apdu) {
      commands += 1
      switch (((apdu[0] ?? 0) << 8) | (apdu[1] ?? 0)) {
        case 0xffca:
          return Uint8Array.of(0x04, 0x59, 0x5a, options.serial & 0xff, ...ok)
        case 0x80ec:
          return Uint8Array.of(...apdu.subarray(5, 5 + (apdu[4] ?? 0)), ...ok)
        case 0x80cd:
          return Uint8Array.of(commands & 0xff, ...ok)
        case 0x80de:
          return 'hang'
        default:
          return Uint8Array.of(0x6d, 0x00)
      }
    },
  }
}
