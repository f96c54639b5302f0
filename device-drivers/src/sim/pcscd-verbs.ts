import { makeBenchCard } from './bench-card-readers.ts'
import { argOf, onArg, textArg, wholeArg } from './control-args.ts'
import type { ControlVerbs } from './control-port.ts'
import type { SimPcscd } from './sim-pcscd.ts'
import type { SimReaderFault } from './sim-reader.ts'

/** No reader's name is longer (pcsclite.h, MAX_READERNAME). */
const maxNameLength = 127

/** The longest that a slow card takes: beyond every deadline there is. */
const maxSlowMs = 600_000

/** What a hand does to the simulated card service; a card is described as on the bench, by its `kind` and what it says. */
export function pcscdVerbs(pcscd: SimPcscd): ControlVerbs {
  const onReader = (act: (reader: string, args: unknown) => boolean) => (args: unknown) => {
    const reader = textArg(args, 'reader', maxNameLength)
    if (reader === undefined) return { refusal: 'reader-invalid' }
    return act(reader, args) ? undefined : { refusal: 'not-possible' }
  }
  return {
    attach: onReader((reader) => pcscd.attachReader(reader)),
    detach: onReader((reader) => pcscd.detachReader(reader)),
    insert: onReader((reader, args) => {
      const made = makeBenchCard(args)
      return made !== undefined && pcscd.insert(reader, made.card)
    }),
    remove: onReader((reader) => pcscd.remove(reader)),
    fault: onReader((reader, args) => {
      const fault = faultOf(args)
      return fault !== undefined && pcscd.setFault(reader, fault)
    }),
    deaf: (args) => {
      const deaf = onArg(args)
      if (deaf === undefined) return { refusal: 'on-invalid' }
      pcscd.setDeaf(deaf)
      return undefined
    },
    die: () => pcscd.die(),
    revive: () => pcscd.revive(),
  }
}

function faultOf(args: unknown): SimReaderFault | undefined {
  const kind = argOf(args, 'fault')
  switch (kind) {
    case 'none':
    case 'hang':
      return { kind }
    case 'slow': {
      const ms = wholeArg(args, 'ms', { least: 0, most: maxSlowMs })
      return ms === undefined ? undefined : { kind, ms }
    }
    case 'cut': {
      const bytes = wholeArg(args, 'bytes', { least: 0, most: 0xffff })
      return bytes === undefined ? undefined : { kind, bytes }
    }
    default:
      return undefined
  }
}
