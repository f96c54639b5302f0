import { startFiles, startPlan, wantedPorts } from '@yizhan/deploy/boot/start-plan.mjs'
import { readStationConfig } from '@yizhan/station-server/station-config'
import { expect, test } from 'vitest'

const place = { root: '/opt/yizhan', dataDir: '/var/lib/yizhan', ports: wantedPorts }

test('the station understands the settings of a demo start, and finds each device where the bench has it', () => {
  const { bench, station } = startPlan(place)
  const { devices } = readStationConfig(station.settings)
  expect(Object.values(devices)).not.toContain(null)
  expect(devices.idReader?.link).toMatchObject({ path: bench.settings['BENCH_ID_READER_LINK'] })
  expect(devices.keypad?.link).toMatchObject({ path: bench.settings['BENCH_KEYPAD_LINK'] })
  expect(devices.indicator?.link).toMatchObject({ path: bench.settings['BENCH_INDICATOR_LINK'] })
  expect(devices.cardReader?.socketPath).toBe(bench.settings['BENCH_PCSCD_SOCKET'])
  expect(String(devices.ups?.link.port)).toBe(bench.settings['BENCH_UPS_PORT'])
})

test('the card service has a socket also where the data folder lies too deep for one', () => {
  const deep = `/${'deep/'.repeat(40)}`
  const { pcscdSocket } = startFiles(deep)
  expect(Buffer.byteLength(pcscdSocket)).toBeLessThanOrEqual(107)
  expect(startFiles(`${deep}er`).pcscdSocket).not.toBe(pcscdSocket)
})
