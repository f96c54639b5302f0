import type { StationRow } from '@yizhan/contracts/fleet'
import { useState } from 'preact/hooks'
import { useSending } from '../access/use-sending.ts'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { refusalOf } from '../shell/refusal.ts'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'

const steps = ['copy', 'go', 'run', 'see', 'after'] as const
/** As `import-feed-main.ts` of the station is called. */
const importCommand = 'node station-server/src/sync/import-feed-main.ts'

/** Fetches the sealed and signed file of bookings for a station whose network is gone, and says how it gets into the machine. */
export function ExportFeedFile({ station, dates }: { station: StationRow; dates: AdminDates }) {
  const say = useSay()
  const localText = useLocalText()
  const { client } = useServices()
  const sending = useSending()
  const [fileName, setFileName] = useState<string | null>(null)
  const [isRefused, setRefused] = useState(false)
  const exportFile = () =>
    sending.send(async () => {
      setRefused(false)
      try {
        const file = await client.fleet.feedFile()
        const name = `yizhan-feed-${dates.dayOf(file.exportedAt)}-${dates.clock(file.exportedAt).replace(':', '')}.json`
        saveText(name, JSON.stringify(file))
        setFileName(name)
      } catch (error) {
        if (refusalOf(error) === null) throw error
        setRefused(true)
      }
    })
  return (
    <section class="export-feed" aria-label={say('stations.export')}>
      <h2>{say('stations.export')}</h2>
      <p class="fact-hint">{say('stations.export.when')}</p>
      {sending.failed && <Notice tone="bad">{say('fault.unreachable')}</Notice>}
      {isRefused && <Notice tone="bad">{say('fault.forbidden')}</Notice>}
      <PushButton label={say('stations.export.button')} busy={sending.busy} onPress={exportFile} />
      {fileName !== null && (
        <>
          <Notice tone="good">{say('stations.export.done', { file: fileName })}</Notice>
          <ol class="export-steps">
            {steps.map((step) => (
              <li key={step}>
                {say(`stations.export.${step}`, { name: localText(station.name) })}
                {step === 'run' && (
                  <code class="export-command">
                    {importCommand} {say('stations.export.folder')} {fileName}
                  </code>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  )
}

function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
