import type { CardProblem } from '@yizhan/contracts/card'
import type { ComponentChildren, VNode } from 'preact'
import { CardInPicture, ReaderShape } from './card-pictures.tsx'

/** Our own picture of what to do about a card problem; `spoken` says the same in words. */
export function CardHelpPicture({ problem, spoken }: { problem: CardProblem; spoken: string }): VNode {
  switch (problem) {
    case 'removed-early':
      return <CardInPicture large spoken={spoken} />
    case 'upside-down':
      return <TurnPicture spoken={spoken} />
    case 'unknown-card':
      return <UnknownPicture spoken={spoken} />
    case 'unreadable':
      return <WipePicture spoken={spoken} />
    case 'two-cards':
      return <TwoPicture spoken={spoken} />
    case 'reader-lost':
      return <TakeBackPicture spoken={spoken} />
    case 'not-authorised':
      return <FieldDownPicture spoken={spoken} />
  }
}

function Picture({ spoken, children }: { spoken: string; children: ComponentChildren }): VNode {
  return (
    <svg class="help-picture" viewBox="0 0 160 110" role="img" aria-label={spoken}>
      {children}
    </svg>
  )
}

/** A small card; its chip shows only when it lies the right way up. */
function SmallCard({ x, y, chip }: { x: number; y: number; chip: boolean }): VNode {
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect class="picture-sheet" width="44" height="60" rx="4" />
      {chip ? <path class="picture-code" d="M16 8h12v11H16z" /> : <path class="picture-code" d="M0 10h44v10H0z" />}
      <path class="picture-lines" d="M8 42h28M8 50h18" />
    </g>
  )
}

/** Two cards, the wrong way left and the right way at its slot. */
function TurnPicture({ spoken }: { spoken: string }): VNode {
  return (
    <Picture spoken={spoken}>
      <SmallCard x={14} y={30} chip={false} />
      <path class="picture-bad" d="M30 98l10 10m0-10-10 10" />
      <path class="picture-arrow" d="M66 62h24m-10-10 10 10-10 10" />
      <rect class="picture-device" x="92" y="4" width="64" height="18" rx="3" />
      <rect class="picture-window" x="99" y="15" width="50" height="4" rx="2" />
      <SmallCard x={102} y={30} chip />
      <path class="picture-good" d="M116 102l6 6 12-14" />
    </Picture>
  )
}

function UnknownPicture({ spoken }: { spoken: string }): VNode {
  return (
    <Picture spoken={spoken}>
      <rect class="picture-sheet" x="34" y="16" width="92" height="62" rx="6" />
      <path class="picture-lines" d="M44 66h30" />
      <path class="picture-arrow" d="M71 38c0-14 20-14 20-1 0 9-10 8-10 17m0 8v1" />
      <path class="picture-bad" d="M62 90l12 12m0-12-12 12" />
    </Picture>
  )
}

function WipePicture({ spoken }: { spoken: string }): VNode {
  return (
    <Picture spoken={spoken}>
      <rect class="picture-sheet" x="20" y="14" width="96" height="66" rx="6" />
      <path class="picture-code" d="M34 30h22v20H34z" />
      <g transform="rotate(-14 84 58)">
        <path
          class="picture-device"
          d="M60 40c8-4 14 4 24 0s16 4 26 0c-3 12 3 22 0 34-8 4-16-4-26 0s-16-4-24 0c3-12-3-22 0-34z"
        />
        <path class="picture-beam" d="M67 48h36M67 66h36" />
      </g>
      <path class="picture-arrow" d="M28 98h34m-10-9 10 9-10 9" />
    </Picture>
  )
}

function TwoPicture({ spoken }: { spoken: string }): VNode {
  return (
    <Picture spoken={spoken}>
      <SmallCard x={14} y={24} chip />
      <SmallCard x={102} y={24} chip />
      <path class="picture-bad" d="M28 92l12 12m0-12-12 12" />
      <path class="picture-good" d="M115 97l7 8 14-17" />
    </Picture>
  )
}

function TakeBackPicture({ spoken }: { spoken: string }): VNode {
  return (
    <svg class="help-picture" viewBox="-20 0 160 110" role="img" aria-label={spoken}>
      <ReaderShape>
        <rect class="picture-sheet" x="34" y="30" width="52" height="48" rx="5" />
      </ReaderShape>
      <path class="picture-lines" d="M42 60h36M42 68h24" />
      <path class="picture-arrow" d="M60 84v20m-9-9 9 9 9-9" />
      <path class="picture-bad" d="M112 12l14 14m0-14-14 14" />
    </svg>
  )
}

function FieldDownPicture({ spoken }: { spoken: string }): VNode {
  return (
    <Picture spoken={spoken}>
      <rect class="picture-device" x="24" y="26" width="112" height="76" rx="6" />
      <rect class="picture-sheet" x="44" y="42" width="72" height="46" rx="5" />
      <circle class="picture-code" cx="100" cy="57" r="7" />
      <path class="picture-code" d="M89 79c0-8 5-11 11-11s11 3 11 11z" />
      <path class="picture-lines" d="M52 54h26M52 63h20M52 79h26" />
      <path class="picture-bad" d="M70 4l16 16m0-16-16 16" />
    </Picture>
  )
}
