import type { EvidenceLevel } from '@yizhan/contracts/device'

/** What is known of a printer model. Every query is off until the model is known to answer it: some models hang on one. */
export interface PrinterProfile {
  /** The most that the model can prove; the driver confirms it by the first answers and falls back when they stay away. */
  evidence: EvidenceLevel
  paperWidthMm: 58 | 80
  widthDots: number
  /** Columns of 12 dots in Font A; a Chinese character takes two. */
  columns: number
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
}

const epson80: PrinterProfile = {
  evidence: 'A',
  paperWidthMm: 80,
  widthDots: 576,
  columns: 48,
  slowestMmPerS: 50,
  realTimeStatus: true,
  automaticStatus: true,
  orderedStatus: true,
  processId: true,
  cutCounter: true,
  clearsBuffer: true,
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

const narrow = { paperWidthMm: 58, widthDots: 384, columns: 32 } as const

/**
 * The printers that can be configured, all with a GB18030 font, so that every character of a name prints as text.
 * `epson`: TM-T20/T82/T88/m30 class. `generic`: ESC/POS with status answers. `silent`: a printer that may not be asked.
 */
export const printerProfiles = {
  'epson-80': epson80,
  'epson-58': { ...epson80, ...narrow },
  'generic-80': generic80,
  'generic-58': { ...generic80, ...narrow },
  'silent-80': silent80,
  'silent-58': { ...silent80, ...narrow },
} as const satisfies Record<string, PrinterProfile>

/** The name of a printer profile, as it stands in a station's configuration. */
export type ProfileName = keyof typeof printerProfiles
