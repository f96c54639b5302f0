import type { ReadinessCheck, ReadinessReport } from '@yizhan/contracts/readiness'
import type { VNode } from 'preact'
import { CardInPicture, CardOnPicture } from '../card/card-pictures.tsx'
import type { ReadinessSay } from '../catalogue/readiness-words.ts'
import { ScanPicture } from '../check-in/scan-picture.tsx'

type Wait = 'scan' | 'card' | 'id' | 'key' | 'look'

/** What the technician is asked to do next at the devices, with its picture; nothing when nothing waits. */
export function ReadinessPrompt({ report, say }: { report: ReadinessReport; say: ReadinessSay }): VNode | null {
  const waits = report.devices.flatMap(({ kind, points }) =>
    points.filter(({ result }) => result === 'waiting').map(({ check }) => waitOf(check, kind === 'id-reader')),
  )
  const [first, ...more] = waits
  if (first === undefined) return null
  return (
    <section class="way" role="status">
      <WaitPicture wait={first} spoken={say(`wait.${first}`)} />
      <div>
        <h2>{say(`wait.${first}`)}</h2>
        {more.length > 0 ? <p>{say('wait.more', { n: more.length })}</p> : null}
      </div>
    </section>
  )
}

function waitOf(check: ReadinessCheck, isIdReader: boolean): Wait {
  switch (check) {
    case 'card':
      return isIdReader ? 'id' : 'card'
    case 'scan':
    case 'key':
      return check
    case 'found':
    case 'answers':
    case 'test-print':
    case 'light':
    case 'mains':
      return 'look'
  }
}

function WaitPicture({ wait, spoken }: { wait: Wait; spoken: string }): VNode | null {
  switch (wait) {
    case 'scan':
      return <ScanPicture spoken={spoken} />
    case 'card':
      return <CardInPicture spoken={spoken} />
    case 'id':
      return <CardOnPicture spoken={spoken} />
    case 'key':
      return <KeysPicture spoken={spoken} />
    case 'look':
      return null
  }
}

/** Our own picture of the five rating keys, one pressed. */
function KeysPicture({ spoken }: { spoken: string }): VNode {
  return (
    <svg class="way-picture" viewBox="0 0 120 110" role="img" aria-label={spoken}>
      <rect class="picture-device" x="6" y="52" width="108" height="50" rx="6" />
      {[16, 35, 54, 73, 92].map((x, at) => (
        <rect
          key={x}
          class={at === 2 ? 'picture-window' : 'picture-sheet'}
          x={x}
          y="68"
          width="13"
          height="18"
          rx="3"
        />
      ))}
      <path class="picture-arrow" d="M60 16v36m-10-12 10 12 10-12" />
    </svg>
  )
}
