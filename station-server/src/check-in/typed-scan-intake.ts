import { ScanFramer } from '@yizhan/device-drivers/scanner/scan-framer'
import type { InputTaker } from '../device/credential-routing.ts'

/** How a typed code was received, in the words of the contract. */
export type TypedScanAnswer = 'taken' | 'scanner-elsewhere' | 'scan-unreadable'

/** Stands for the scanner that the page hears as keys; it has no driver and no health. */
const deviceId = 'keyboard-scanner'

/**
 * Takes codes that a scanner in keyboard mode typed into the page, by the same rules as those of a serial line. A station that
 * drives a scanner of its own takes none: there, keys are a person's.
 */
export function takeTypedScans(hasScanner: boolean, take: InputTaker): (text: string) => TypedScanAnswer {
  return (text) => {
    if (hasScanner) return 'scanner-elsewhere'
    const [scan] = new ScanFramer().push(Buffer.from(`${text}\r`))
    if (scan === undefined || !scan.ok) return 'scan-unreadable'
    take({ kind: 'scan', deviceId, scan })
    return 'taken'
  }
}
