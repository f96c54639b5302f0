import { onArg, wholeArg } from './control-args.ts'
import type { ControlVerbs } from './control-port.ts'
import type { SimPrinter } from './sim-printer.ts'

/** The longest delay of an answer; any driver has given up by then. */
const mostDelayMs = 600_000

/** What can be wrong with a simulated printer beyond its paper and its line, and what a hand does at its presenter. */
export function printerFaultVerbs({ body }: SimPrinter): ControlVerbs {
  return {
    'answer-late': (args) =>
      withArg(wholeArg(args, 'ms', { least: 0, most: mostDelayMs }), 'ms-invalid', (ms) =>
        body.faults.setAnswerDelay(ms),
      ),
    'answer-wrong-id': switched((on) => body.faults.setWrongProcessId(on)),
    'jam-cutter': switched((on) => body.setCutterJammed(on)),
    'go-offline': switched((on) => body.setOffline(on)),
    break: switched((on) => body.setUnrecoverable(on)),
    'set-cuts': (args) =>
      withArg(wholeArg(args, 'cuts', { least: 0, most: 1_000_000_000 }), 'cuts-invalid', (cuts) => body.setCuts(cuts)),
    'print-at-once': () => body.setSpeed(Number.POSITIVE_INFINITY),
    ...presenterVerbs(body),
  }
}

function presenterVerbs({ presenter }: SimPrinter['body']): ControlVerbs {
  if (presenter === undefined) return {}
  return {
    'take-ticket': () => presenter.takeTicket(),
    'stick-ticket': switched((on) => presenter.setStuck(on)),
    'fill-bin': () => presenter.fillBin(),
    'empty-bin': () => presenter.emptyBin(),
  }
}

function switched(set: (on: boolean) => void): (args: unknown) => unknown {
  return (args) => withArg(onArg(args), 'on-invalid', set)
}

function withArg<Value>(value: Value | undefined, refusal: string, use: (value: Value) => void): unknown {
  if (value === undefined) return { refusal }
  use(value)
  return undefined
}
