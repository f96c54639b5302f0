/**
 * The presenter (出票口) of kiosk printers: commands and status as the command sets of Custom's KPM and VKP printers have them
 * (KPM210/216 manual, "Real-time status transmission" n = 20 and "Ejector commands"; the VKP80III has the same bits). None of it
 * has been tried on such a printer yet.
 */
export interface PresenterProfile {
  /** How far a slip is handed out, in steps of the model (0.625 mm on the KPM210/216; other models have 7 or 22 mm). */
  presentSteps: number
  /** How long a slip is offered before it is disposed of. */
  takeMs: number
  /** What becomes of a slip that nobody took: drawn back into the bin, or let fall out in front. */
  untaken: 'retract' | 'eject'
}

/** What became of a slip at the presenter, as the driver tells it. */
export const presenterStates = ['in-mouth', 'taken', 'retracted', 'ejected', 'bin-full'] as const
export type PresenterState = (typeof presenterStates)[number]

/** DLE EOT 20: the full status, six bytes, answered at once. */
export const askFullStatus = Uint8Array.of(0x10, 0x04, 20)

/** GS e 3 m: hands the cut slip out. */
export function presentTicket({ presentSteps }: PresenterProfile): Uint8Array {
  return Uint8Array.of(0x1d, 0x65, 3, presentSteps)
}

/** GS e 2: draws the slip back, where retracting is enabled in the printer's set-up. GS e 5: lets it fall out. */
export const disposals = { retract: Uint8Array.of(0x1d, 0x65, 2), eject: Uint8Array.of(0x1d, 0x65, 5) } as const

/** What the full status says. */
export interface FullStatus {
  paperOut: boolean
  paperNearEnd: boolean
  ticketInMouth: boolean
  coverOpen: boolean
  overheated: boolean
  jammed: boolean
  cutterError: boolean
  unrecoverable: boolean
}

/**
 * Reads the four bytes after the head: paper (bit 0 out, 2 near end, 5 slip in the output, 6 virtual end), user (bits 0–1
 * cover), recoverable errors (bit 0 head temperature, 3 supply voltage, 6 paper jam), unrecoverable (bit 0 cutter, 2 RAM,
 * 3 EEPROM, 6 flash).
 */
export function readFullStatus([
  paper = 0,
  user = 0,
  recoverable = 0,
  unrecoverable = 0,
]: readonly number[]): FullStatus {
  return {
    paperOut: (paper & 0x41) !== 0,
    paperNearEnd: (paper & 0x04) !== 0,
    ticketInMouth: (paper & 0x20) !== 0,
    coverOpen: (user & 0x03) !== 0,
    overheated: (recoverable & 0x01) !== 0,
    jammed: (recoverable & 0x48) !== 0,
    cutterError: (unrecoverable & 0x01) !== 0,
    unrecoverable: (unrecoverable & 0x4c) !== 0,
  }
}
