import type { CardReaderHostConfig } from '../card/card-reader.ts'
import type { IdReaderHostConfig } from '../id-reader/sam-id-reader.ts'
import type { IndicatorHostConfig } from '../indicator/relay-indicator.ts'
import type { KeypadHostConfig } from '../keypad/serial-keypad.ts'
import type { PrinterHostConfig } from '../printing/escpos-printer.ts'
import type { ScannerHostConfig } from '../scanner/serial-scanner.ts'
import type { UpsHostConfig } from '../ups/nut-ups.ts'
import type { DriverEvent, Outcome } from './driver.ts'

/** Which driver a host process runs, and with what. */
export type HostConfig =
  | PrinterHostConfig
  | ScannerHostConfig
  | CardReaderHostConfig
  | IdReaderHostConfig
  | KeypadHostConfig
  | IndicatorHostConfig
  | UpsHostConfig

/** What the station says to a driver host. The first message is always `open`. */
export type ToHost =
  | { type: 'open'; config: HostConfig }
  | { type: 'ping'; beat: number }
  | { type: 'submit'; id: number; command: unknown }
  | { type: 'abort'; id: number }
  | { type: 'close' }

/** What a driver host says to the station. */
export type FromHost =
  | { type: 'pong'; beat: number }
  | { type: 'event'; event: DriverEvent<unknown> }
  | { type: 'progress'; id: number; progress: unknown }
  | { type: 'outcome'; id: number; outcome: Outcome<unknown> }
