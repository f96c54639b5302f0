import type { CheckedPoint, ReadinessReport } from '@yizhan/contracts/readiness'
import type { StateWords } from './station-words.ts'

/** How a readiness report ended, as it is shown. */
export function verdictWords(verdict: ReadinessReport['verdict']): StateWords {
  switch (verdict) {
    case 'ready':
      return { tone: 'good', icon: 'ok', key: 'stations.readiness.verdict.ready' }
    case 'not-ready':
      return { tone: 'bad', icon: 'bad', key: 'stations.readiness.verdict.not-ready' }
    case 'incomplete':
      return { tone: 'notice', icon: 'warning', key: 'stations.readiness.verdict.incomplete' }
  }
}

/** One check of one device that did not pass. */
export interface OpenPoint extends CheckedPoint {
  deviceId: string
  kind: ReadinessReport['devices'][number]['kind']
}

/** What did not pass, failures first; a device that was not even found is named once. */
export function openPoints(report: ReadinessReport): OpenPoint[] {
  const open = report.devices.flatMap(({ deviceId, kind, points }) => {
    const unpassed = points.filter(({ result }) => result !== 'passed')
    const missing = unpassed.find(({ check, result }) => check === 'found' && result === 'failed')
    return (missing === undefined ? unpassed : [missing]).map((point) => ({ ...point, deviceId, kind }))
  })
  const rank = ({ result }: OpenPoint) => (result === 'failed' ? 0 : 1)
  return open.toSorted((one, other) => rank(one) - rank(other))
}
