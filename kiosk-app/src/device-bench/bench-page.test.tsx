import { cleanup, render, screen, within } from '@testing-library/preact'
import axe from 'axe-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import './bench.css'
import type { BenchClient } from './bench-client.ts'
import { BenchPage } from './bench-page.tsx'
import type { BenchState } from './bench-state.ts'

const picture = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 60"/>')}`
let state: BenchState
let done: string[]
let changed: () => void
let fails = false

const client: BenchClient = {
  state: () => (fails ? Promise.reject(new Error('bench away')) : Promise.resolve(state)),
  printer: (action) => record(action),
  scan: (text) => record(`scan ${text}`),
  cutNetwork: (cut) => record(`cut ${cut}`),
  order: (device, what) => record(`${device} ${JSON.stringify(what)}`),
  onChange(listener) {
    changed = listener
    return { stop: () => Promise.resolve() }
  },
}

function record(what: string): Promise<void> {
  if (fails) return Promise.reject(new Error('bench away'))
  done.push(what)
  return Promise.resolve()
}

beforeEach(async () => {
  fails = false
  done = []
  const ticket = { cutAtMs: 1_795_307_400_000, partial: false, text: '云溪示范医院 A037', pictureUrl: picture }
  state = {
    printer: {
      powered: true,
      coverOpen: false,
      paperMm: 42_000,
      nearEnd: false,
      printing: false,
      speedMmPerS: 150,
      cuts: 2,
    },
    tickets: [
      { ...ticket, ticketId: '1' },
      { ...ticket, ticketId: '2', partial: true, text: 'half' },
    ],
    scanner: { path: '/dev/pts/7', scans: 3 },
    network: { cut: false },
    cardReaders: [
      { name: 'Bench Contact 00', attached: true, card: null },
      { name: 'Bench Contactless 01', attached: true, card: null },
    ],
    pcscd: { running: true },
    idReader: { attached: true, cardIn: false },
    keypad: { attached: true, presses: 4 },
    indicator: { attached: true, signal: 'ready' },
    ups: { mains: true, chargePercent: 100 },
    demo: {
      cards: [
        {
          label: { 'zh-CN': '可以签到', en: 'can be checked in' },
          kind: 'social-security',
          cardNumber: 'D00000101',
          name: '示例甲',
        },
        { label: { 'zh-CN': '预约在明天', en: 'tomorrow' }, kind: 'id-card', name: '示例乙' },
      ],
      bookings: [
        {
          code: '202611225',
          secondItem: '0308',
          qr: 'YZ1.SAMPLE.SIGNATURE',
          shows: 'on-time',
          note: { 'zh-CN': '准时', en: 'on time' },
        },
      ],
    },
  }
  render(<BenchPage client={client} />)
  await screen.findByRole('heading', { name: '打印机' })
})
afterEach(cleanup)

async function press(name: string) {
  await userEvent.click(screen.getByRole('button', { name }))
}

test('the newest ticket comes first, and half ones are marked', () => {
  const tickets = within(screen.getByRole('list', { name: '出来的票' })).getAllByRole('listitem')
  const shown = tickets.map((one) => one.textContent ?? '')
  expect(shown[0]).toContain('半张')
  expect(shown[1]).toContain('完整')
})

test('hands at the devices reach the bench', async () => {
  await press('抽走纸')
  await press('开盖')
  await press('断电')
  await press('断开网络')
  await press('扫描 202 611 225')
  expect(done).toEqual(['pull-paper', 'open-cover', 'power-off', 'cut true', 'scan YZ1.SAMPLE.SIGNATURE'])
})

test('hostile scans are garbage, too long, full of control characters, and forged', async () => {
  for (const name of ['乱码', '4 KB 的码', '控制字符', '伪造的二维码']) await press(name)
  const [garbage, long, control, forged] = done.map((what) => what.slice('scan '.length))
  expect(garbage).not.toBe('')
  expect(long).toHaveLength(4_096)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this scan is made of
  expect(control).toMatch(/[\u0000-\u001f]/)
  expect(forged).not.toBe('YZ1.SAMPLE.SIGNATURE')
  expect(forged).toHaveLength('YZ1.SAMPLE.SIGNATURE'.length)
})

test('what changes at the bench changes the buttons that are offered', async () => {
  state = {
    ...state,
    printer: { ...state.printer, paperMm: 0, coverOpen: true, powered: false },
    network: { cut: true },
  }
  changed()
  await screen.findByRole('button', { name: '装纸' })
  expect(screen.getByRole('button', { name: '合盖' })).toBeVisible()
  expect(screen.getByRole('button', { name: '通电' })).toBeVisible()
  expect(screen.getByRole('button', { name: '恢复网络' })).toBeVisible()
})

test('a bench that does not answer is said in words', async () => {
  fails = true
  await press('抽走纸')
  await screen.findByText(/没有做成：抽走纸/)
  changed()
  await screen.findByText(/设备台没有回应/)
})

test('the page is complete in English and axe finds nothing in either language', async () => {
  const violations = async () => (await axe.run(document.body)).violations
  expect(await violations()).toEqual([])
  await press('English')
  await screen.findByRole('heading', { name: 'Printer' })
  expect(await violations()).toEqual([])
})

test('the demo codes keep their places while the bench orders them anew', async () => {
  const [first] = state.demo?.bookings ?? []
  if (!first) throw new Error('no demo booking')
  const other = { ...first, code: '202611233' }
  const shown = () => screen.getAllByRole('button', { name: /^扫描 / }).map((button) => button.ariaLabel)
  for (const bookings of [
    [other, first],
    [first, other],
  ]) {
    state = { ...state, demo: { bookings, cards: [] }, scanner: { path: '/dev/pts/9', scans: 1 } }
    changed()
    await screen.findByRole('button', { name: '扫描 202 611 233' })
    expect(shown()).toEqual(['扫描 202 611 225', '扫描 202 611 233'])
  }
})

test('cards go into readers and out again, and readers and their service can fail', async () => {
  await press('示例甲 · 可以签到')
  await press('放反的卡')
  await press('示例乙 · 预约在明天')
  await press('停掉读卡服务')
  expect(done).toEqual([
    'card-readers {"action":"insert","card":{"kind":"social-security","cardNumber":"D00000101","name":"示例甲"},"reader":"Bench Contact 00"}',
    'card-readers {"action":"insert","card":{"kind":"upside-down"},"reader":"Bench Contact 00"}',
    'id-reader {"action":"place-card","card":{"kind":"id-card","name":"示例乙"}}',
    'pcscd {"running":false}',
  ])
  state = {
    ...state,
    cardReaders: [{ name: 'Bench Contact 00', attached: true, card: 'hospital 90000001' }],
    idReader: { attached: true, cardIn: true },
  }
  changed()
  await screen.findByText('里面有：就诊卡 90000001')
  done = []
  await press('取出卡片')
  await press('取走身份证')
  expect(done).toEqual([
    'card-readers {"action":"remove","reader":"Bench Contact 00"}',
    'id-reader {"action":"take-card"}',
  ])
})

test('keys are pressed, the lamp is shown, and the mains can go', async () => {
  expect(screen.getByText('已按 4 次')).toBeVisible()
  expect(screen.getByText('就绪')).toBeVisible()
  await press('按 5 分')
  await press('断市电')
  expect(done).toEqual(['keypad {"action":"press","score":5}', 'ups {"action":"mains-off"}'])
  state = { ...state, ups: { mains: false, chargePercent: 80 } }
  changed()
  await screen.findByText('电池供电 · 电量 80%')
  await press('电池快耗尽')
  expect(done.at(-1)).toBe('ups {"action":"battery-low"}')
})
