import type { VNode } from 'preact'
import { BenchButton, BenchCard, type PanelProps } from './bench-panel.tsx'

const scores = [1, 2, 3, 4, 5] as const

/** The rating keys (评价按键). */
export function KeypadPanel({ state, client, say, hand }: PanelProps): VNode {
  const { attached, presses } = state.keypad
  const order = (what: object) => client.order('keypad', what)
  return (
    <BenchCard title={say('keypad')}>
      <p>
        {attached ? '' : `${say('reader.detached')} · `}
        {say('keypad.presses', { n: presses })}
      </p>
      <div class="bench-buttons">
        {scores.map((score) => (
          <BenchButton
            key={score}
            word={say('keypad.press', { score })}
            hand={hand}
            work={() => order({ action: 'press', score })}
          />
        ))}
        <BenchButton
          word={say(attached ? 'unplug' : 'plug-in')}
          hand={hand}
          work={() => order({ action: attached ? 'unplug' : 'plug-in' })}
        />
      </div>
    </BenchCard>
  )
}

/** The lamp on the kiosk: the bench only shows what the station made of it. */
export function IndicatorPanel({ state, client, say, hand }: PanelProps): VNode {
  const { attached, signal } = state.indicator
  return (
    <BenchCard title={say('indicator')}>
      <p>
        <span class="bench-lamp" data-signal={signal} aria-hidden="true" /> {say(`indicator.${signal}`)}
        {attached ? '' : ` · ${say('reader.detached')}`}
      </p>
      <div class="bench-buttons">
        <BenchButton
          word={say(attached ? 'unplug' : 'plug-in')}
          hand={hand}
          work={() => client.order('indicator', { action: attached ? 'unplug' : 'plug-in' })}
        />
      </div>
    </BenchCard>
  )
}

/** The battery supply (UPS) and the mains before it. */
export function UpsPanel({ state, client, say, hand }: PanelProps): VNode {
  const { mains, chargePercent } = state.ups
  const order = (action: string) => client.order('ups', { action })
  return (
    <BenchCard title={say('ups')}>
      <p class={mains ? 'bench-good' : 'bench-bad'}>
        {say(mains ? 'ups.on-mains' : 'ups.on-battery')} · {say('ups.charge', { percent: chargePercent })}
      </p>
      <div class="bench-buttons">
        {mains ? (
          <BenchButton word={say('ups.mains-off')} hand={hand} work={() => order('mains-off')} />
        ) : (
          <>
            <BenchButton word={say('ups.mains-on')} hand={hand} work={() => order('mains-on')} />
            <BenchButton word={say('ups.battery-low')} hand={hand} work={() => order('battery-low')} />
          </>
        )}
      </div>
    </BenchCard>
  )
}
