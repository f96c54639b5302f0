import type { StationView } from '@yizhan/contracts/station'
import type { VNode } from 'preact'
import type { Words } from '../catalogue/words.ts'
import { ScreenPanes } from '../kit/screen-panes.tsx'
import { StationBanner } from '../kit/station-banner.tsx'
import { TouchButton } from '../kit/touch-button.tsx'
import { canScan, printerVerdict } from '../station/printer-verdict.ts'
import { ScanPicture } from './scan-picture.tsx'
import type { ScreenPropsOf } from './screen-props.ts'

/** The screen nobody stands at: what this machine does, and what it cannot do right now. */
export function AttractScreen(props: ScreenPropsOf<'attract'>): VNode {
  const { words, view, helpDesk, act, newId } = props
  const start = () => act({ type: 'start', sessionId: newId() })
  const scans = view === null || canScan(view.scanner)
  return (
    <ScreenPanes
      title={words.say('attract.title')}
      keys={{
        onDigit(digit) {
          start()
          act({ type: 'digit', digit })
        },
      }}
      controls={
        <>
          {scans ? (
            <section class="scan-here">
              <ScanPicture spoken={words.say('attract.scan-picture')} />
              <div>
                <h2>{words.say('attract.scan-title')}</h2>
                <p>{words.say('attract.scan')}</p>
              </div>
            </section>
          ) : (
            <StationBanner icon="alert">{words.say('attract.scanner-away')}</StationBanner>
          )}
          <TouchButton rank="primary" onPress={start}>
            {words.say('attract.start')}
          </TouchButton>
        </>
      }
    >
      <p class="lead">{words.say('attract.lead')}</p>
      {view ? <AttractBanners view={view} words={words} helpDesk={helpDesk} /> : null}
      <p class="aside">{words.say('attract.first-visit', { desk: helpDesk })}</p>
    </ScreenPanes>
  )
}

function AttractBanners(props: { view: StationView; words: Words; helpDesk: string }): VNode {
  const { view, words, helpDesk } = props
  const verdict = printerVerdict(view.printer)
  return (
    <>
      {verdict === 'prints' ? null : (
        <StationBanner icon="printer">{words.say(`printer.${verdict}`, { desk: helpDesk })}</StationBanner>
      )}
      {view.centre.reachable ? null : <StationBanner icon="offline">{words.say('attract.centre-away')}</StationBanner>}
    </>
  )
}
