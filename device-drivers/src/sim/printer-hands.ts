import { type PrinterHand, plainPrinterActions, readPrinterHand } from './bench-order.ts'
import type { ControlVerbs } from './control-port.ts'
import { printerFaultVerbs } from './printer-fault-verbs.ts'
import type { SimPrinter } from './sim-printer.ts'

/** Does to a simulated printer what a person does to a real one. */
export async function handlePrinter(printer: SimPrinter, hand: PrinterHand): Promise<void> {
  switch (hand.action) {
    case 'pull-paper':
      return printer.body.setPaper(0)
    case 'load-paper':
      return printer.body.setPaper(hand.mm)
    case 'open-cover':
      return printer.body.setCover(true)
    case 'close-cover':
      return printer.body.setCover(false)
    case 'power-off':
      return printer.setPower(false)
    case 'power-on':
      return printer.setPower(true)
    case 'set-speed':
      return printer.body.setSpeed(hand.mmPerS)
    default:
      throw new TypeError(`unknown action ${JSON.stringify(hand satisfies never)}`)
  }
}

/** The same hands, and the faults of the line, as verbs of a control port. */
export function printerVerbs(printer: SimPrinter): ControlVerbs {
  const actions = [...plainPrinterActions, 'load-paper', 'set-speed'] as const
  const hands = actions.map((action) => {
    const act = async (args: unknown) => {
      const hand = readPrinterHand({ ...(typeof args === 'object' ? args : {}), action })
      if (hand === undefined) return { refusal: 'number-invalid' }
      return handlePrinter(printer, hand)
    }
    return [action, act] as const
  })
  return { ...printer.wire.verbs, ...Object.fromEntries(hands), ...printerFaultVerbs(printer) }
}
