import type { ComponentChildren, VNode } from 'preact'
import type { BenchClient } from './bench-client.ts'
import type { BenchState } from './bench-state.ts'
import type { BenchSay } from './bench-words.ts'

/** Does something at the bench; the word names it if that fails. */
export type Hand = (what: string, work: Promise<void>) => void

/** What every panel of the bench is given. */
export interface PanelProps {
  state: BenchState
  client: BenchClient
  say: BenchSay
  hand: Hand
}

/** One device on the bench. */
export function BenchCard({ title, children }: { title: string; children: ComponentChildren }): VNode {
  return (
    <section class="bench-card">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** What a hand can do now, by its word. */
export function BenchButton(props: { word: string; hand: Hand; work(): Promise<void> }): VNode {
  return (
    <button type="button" onClick={() => props.hand(props.word, props.work())}>
      {props.word}
    </button>
  )
}
