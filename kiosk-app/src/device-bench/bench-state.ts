import type { LocalText } from '@yizhan/contracts/local-text'

/** The devices on the demo bench as its server tells them. */
export interface BenchState {
  printer: {
    powered: boolean
    coverOpen: boolean
    paperMm: number
    nearEnd: boolean
    printing: boolean
    speedMmPerS: number
    cuts: number
  }
  /** Oldest first, in the order of the knife. */
  tickets: readonly BenchTicket[]
  scanner: { path: string; scans: number }
  network: { cut: boolean }
  cardReaders: readonly BenchReader[]
  /** The system's card service, which stands between readers and station. */
  pcscd: { running: boolean }
  idReader: { attached: boolean; cardIn: boolean }
  keypad: { attached: boolean; presses: number }
  indicator: { attached: boolean; signal: 'ready' | 'error' | 'call' | 'off' }
  ups: { mains: boolean; chargePercent: number }
  /** Null while the demo's bookings are not made yet. */
  demo: { bookings: readonly DemoBooking[]; cards: readonly DemoCard[] } | null
}

/** A card reader on the bench; `card` says what lies in it, its kind first. */
export interface BenchReader {
  name: string
  attached: boolean
  card: string | null
}

/** A card of a fictional person, with what it lets one see. */
export interface DemoCard {
  label: LocalText
  kind: 'social-security' | 'hospital' | 'id-card' | 'contactless'
  idNumber?: string
  cardNumber?: string
  uid?: string
  name: string
}

/** The devices that take orders alike. */
export type OrderedDevice = 'card-readers' | 'pcscd' | 'id-reader' | 'keypad' | 'indicator' | 'ups'

/** One piece of paper that came out; `partial` when the print broke off on it. */
export interface BenchTicket {
  ticketId: string
  cutAtMs: number
  partial: boolean
  text: string
  pictureUrl: string
}

/** A booking of the demo hospital with what it lets one see. */
export interface DemoBooking {
  code: string
  secondItem: string
  qr: string
  /** The kind of booking, and in words what it lets one see. */
  shows: string
  note: LocalText
}

/** What a hand can do at the simulated printer. */
export type PrinterAction = 'pull-paper' | 'load-paper' | 'open-cover' | 'close-cover' | 'power-off' | 'power-on'
