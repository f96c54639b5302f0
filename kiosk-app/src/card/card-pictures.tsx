import type { ComponentChildren, VNode } from 'preact'

/** A chip card seen from above, chip towards the reader; drawn inside a picture. */
export function CardShape({ chip = true }: { chip?: boolean }): VNode {
  return (
    <g>
      <rect class="picture-sheet" x="34" y="44" width="52" height="62" rx="5" />
      {chip ? <path class="picture-code" d="M53 50h14v12H53z" /> : null}
      <path class="picture-lines" d="M42 84h36M42 93h24" />
    </g>
  )
}

/** The reader's front with its slot, at the top of a picture. */
export function ReaderShape({ children }: { children?: ComponentChildren }): VNode {
  return (
    <>
      {children}
      <rect class="picture-device" x="14" y="6" width="92" height="30" rx="4" />
      <rect class="picture-window" x="26" y="28" width="68" height="5" rx="2" />
    </>
  )
}

/** Our own picture of a card going into its slot, chip up and first; it moves once unless motion is unwanted. */
export function CardInPicture({ spoken, large }: { spoken: string; large?: true }): VNode {
  return (
    <svg
      class={large ? 'help-picture' : 'way-picture'}
      viewBox={large ? '0 0 160 110' : '0 0 120 110'}
      role="img"
      aria-label={spoken}
    >
      <ReaderShape>
        <g class="picture-card-in">
          <CardShape />
        </g>
      </ReaderShape>
    </svg>
  )
}

/** Our own picture of an ID card (身份证) lying on its field. */
export function CardOnPicture({ spoken }: { spoken: string }): VNode {
  return (
    <svg class="way-picture" viewBox="0 0 120 110" role="img" aria-label={spoken}>
      <rect class="picture-device" x="8" y="34" width="104" height="70" rx="6" />
      <path class="picture-beam" d="M36 28c12-10 36-10 48 0M46 20c8-6 20-6 28 0" />
      <rect class="picture-sheet" x="24" y="46" width="72" height="46" rx="5" />
      <circle class="picture-code" cx="80" cy="62" r="7" />
      <path class="picture-code" d="M69 84c0-8 5-12 11-12s11 4 11 12z" />
      <path class="picture-lines" d="M32 58h26M32 67h20M32 84h26" />
    </svg>
  )
}
