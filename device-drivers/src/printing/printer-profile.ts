import type { EvidenceLevel } from '@yizhan/contracts/device'
import type { GlyphSet } from './glyph-set.ts'
import type { PresenterProfile } from './presenter-status.ts'

/** What is known of a printer model. Every query is off until the model is known to answer it: some models hang on one. */
export interface PrinterProfile {
  /** The most that the model can prove; the driver confirms it by the first answers and falls back when they stay away. */
  evidence: EvidenceLevel
  paperWidthMm: 58 | 80
  widthDots: number
  /** Columns of 12 dots in Font A; a Chinese character takes two. */
  columns: number
  /** The characters of its Chinese font; a line with any other goes as picture. */
  glyphSet: GlyphSet
  /** The slowest speed that the model prints text at, for deadlines; its data sheet's figure is the fastest. */
  slowestMmPerS: number
  /** DLE EOT 1 to 4, answered at once, also when offline. */
  realTimeStatus: boolean
  /** GS a: status sent by itself on every change. */
  automaticStatus: boolean
  /** GS r 1: paper status in order, after all earlier data was printed. */
  orderedStatus: boolean
  /** GS ( H fn 48: answers a process ID when the printing before it is complete. */
  processId: boolean
  /** GS g 2, number 178: cuts since manufacture, not resettable. */
  cutCounter: boolean
  /** DLE ENQ 2: clears the receive and print buffers. */
  clearsBuffer: boolean
  /** The mouth that hands the slip out and can take it back; null where the slip simply hangs out. */
  presenter: PresenterProfile | null
}

const epson80: PrinterProfile = {
  evidence: 'A',
  paperWidthMm: 80,
  widthDots: 576,
  columns: 48,
  glyphSet: 'gb18030',
  slowestMmPerS: 50,
  realTimeStatus: true,
  automaticStatus: true,
  orderedStatus: true,
  processId: true,
  cutCounter: true,
  clearsBuffer: true,
  presenter: null,
}

const generic80: PrinterProfile = { ...epson80, evidence: 'B', processId: false, cutCounter: false }

const silent80: PrinterProfile = {
  ...generic80,
  evidence: 'C',
  realTimeStatus: false,
  automaticStatus: false,
  orderedStatus: false,
  clearsBuffer: false,
}

/**
 * Custom's KPM and VKP class, told by DLE EOT 1 to 4 and 20. Its manuals have no GS a, no GS ( H and no DLE ENQ. Patients
 * are given 30 s at the mouth, the time that makers' own examples use; then the slip is drawn back, out of others' sight.
 */
const customKiosk80: PrinterProfile = {
  ...generic80,
  automaticStatus: false,
  clearsBuffer: false,
  presenter: { presentSteps: 128, takeMs: 30_000, untaken: 'retract' },
}

const narrow = { paperWidthMm: 58, widthDots: 384, columns: 32 } as const

/**
 * The printers that can be configured. `epson`: TM-T20/T82/T88/m30 class. `generic`: ESC/POS with status answers, with the
 * Chinese font as the name says (GB18030 when it says nothing). `silent`: a printer that may not be asked. `custom-kiosk`: a
 * kiosk printer with a presenter that draws untaken slips back, or, `-eject`, lets them fall out.
 */
export const printerProfiles = {
  'epson-80': epson80,
  'epson-58': { ...epson80, ...narrow },
  'generic-80': generic80,
  'generic-58': { ...generic80, ...narrow },
  'generic-80-gbk': { ...generic80, glyphSet: 'gbk' },
  'generic-58-gbk': { ...generic80, ...narrow, glyphSet: 'gbk' },
  'generic-80-gb2312': { ...generic80, glyphSet: 'gb2312' },
  'generic-58-gb2312': { ...generic80, ...narrow, glyphSet: 'gb2312' },
  'silent-80': silent80,
  'silent-58': { ...silent80, ...narrow },
  'custom-kiosk-80': customKiosk80,
  'custom-kiosk-80-eject': {
    ...customKiosk80,
    presenter: { presentSteps: 128, takeMs: 30_000, untaken: 'eject' },
  },
} as const satisfies Record<string, PrinterProfile>

/** The name of a printer profile, as it stands in a station's configuration. */
export type ProfileName = keyof typeof printerProfiles
