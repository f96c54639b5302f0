import type { VNode } from 'preact'

/** Our own picture of a phone whose code faces the scanner's window; `spoken` says the same in words. */
export function ScanPicture({ spoken }: { spoken: string }): VNode {
  return (
    <svg class="way-picture" viewBox="0 0 120 110" role="img" aria-label={spoken}>
      <rect class="picture-device" x="12" y="84" width="96" height="22" rx="4" />
      <rect class="picture-window" x="38" y="88" width="44" height="7" rx="2" />
      <path class="picture-beam" d="M42 86 34 66M78 86l8-20M60 86V68" />
      <rect class="picture-phone" x="38" y="4" width="44" height="58" rx="5" />
      <path
        class="picture-code"
        d="M46 14h10v10H46zM64 14h10v10H64zM46 36h10v10H46zM66 38h6v6h-6zM58 28h4v4h-4zM49 28h4v4h-4zM66 29h8v3h-8zM59 42h3v6h-3z"
      />
    </svg>
  )
}

/** Our own picture of a ticket coming out of its slot; it moves unless motion is unwanted. */
export function TicketPicture({ spoken }: { spoken: string }): VNode {
  return (
    <svg class="ticket-picture" viewBox="0 0 120 70" role="img" aria-label={spoken}>
      <rect class="picture-device" x="8" y="6" width="104" height="20" rx="4" />
      <rect class="picture-window" x="28" y="15" width="64" height="5" rx="2" />
      <g class="picture-slot">
        <g class="picture-paper">
          <path class="picture-sheet" d="M34 19h52v44H34z" />
          <path class="picture-code" d="M44 30h32v8H44zM44 44h32v3H44zM44 51h22v3H44z" />
        </g>
      </g>
    </svg>
  )
}
