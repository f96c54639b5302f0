import { afterEach, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { type AdminStage, accessibilityFaults, openAdmin } from '../shell/admin-stage.tsx'
import { refused } from '../shell/fake-centre.ts'

let stage: AdminStage
afterEach(() => stage.clear())

function askedOf(call: string): unknown[] {
  return stage.centre.asked.filter((one) => one.call === call).map(({ input }) => input)
}

async function chooseTime(label: string, time: string): Promise<void> {
  await page.getByRole('dialog').getByLabelText(label).fill(time)
  await userEvent.keyboard('{Enter}')
}

test('the board shows bookings with their arrivals, and the day of each clinic in figures', async () => {
  stage = openAdmin()
  const late = page.getByRole('row', { name: /欧阳\*华/ })
  await expect.element(late).toMatchTextContent(/已签到 · 迟到/)
  await expect.element(late).toMatchTextContent(/A038/)
  await expect.element(late).toMatchTextContent(/14:00 · 大厅 K/)
  await expect.element(page.getByRole('row', { name: /王\*明/ })).toMatchTextContent(/123 456 783/)
  await expect.element(page.getByRole('button', { name: /心内科门诊\s*已到 2\s*未到 1\s*取消 1/ })).toBeVisible()
  await expect.element(page.getByText('数据时间 11-22 周日 14:05')).toBeVisible()
})

test('clinics are named in the language of the page', async () => {
  stage = openAdmin({ locale: 'en' })
  await expect.element(page.getByRole('row', { name: /王\*明/ })).toMatchTextContent(/Cardiology/)
  await expect.element(page.getByRole('button', { name: /^Paediatrics/ })).toBeVisible()
})

test('filters narrow the board and stand in the address', async () => {
  stage = openAdmin()
  await page.getByRole('button', { name: /^心内科门诊/ }).click()
  await expect.element(page.getByText('阿***·买**')).not.toBeInTheDocument()
  await page.getByLabelText('姓名、预约码或排队号').fill('a038')
  await expect.element(page.getByText('欧阳*华')).toBeVisible()
  await expect.element(page.getByText('王*明')).not.toBeInTheDocument()
  expect(new URLSearchParams(location.search).get('q')).toBe('a038')
  await page.getByLabelText('姓名、预约码或排队号').fill('nobody')
  await expect.element(page.getByText('没有符合筛选的预约')).toBeVisible()
  await page.getByRole('button', { name: '清除筛选' }).first().click()
  await expect.element(page.getByText('王*明')).toBeVisible()
  expect(location.search).toBe('')
})

test('an address with filters opens the board narrowed', async () => {
  stage = openAdmin({ at: '/admin/?state=cancelled' })
  await expect.element(page.getByText('赵*')).toBeVisible()
  await expect.element(page.getByText('王*明')).not.toBeInTheDocument()
})

test('another day is asked for and named; a day without bookings says what to do', async () => {
  stage = openAdmin()
  await page.getByRole('button', { name: '后一天' }).click()
  await expect.element(page.getByRole('heading', { name: '11-23 周一的预约' })).toBeVisible()
  await expect.element(page.getByText('这一天还没有预约')).toBeVisible()
  expect(askedOf('appointment.day')).toContainEqual({ day: '2026-11-23' })
  await page.getByRole('button', { name: '回到今天' }).click()
  await expect.element(page.getByText('王*明')).toBeVisible()
})

test('an arrival appears when the doorbell rings', async () => {
  stage = openAdmin()
  await expect.element(page.getByRole('row', { name: /王\*明/ })).toMatchTextContent(/未到/)
  stage.centre.bookings = stage.centre.bookings.map((row) =>
    row.patientNameMasked === '王*明'
      ? {
          ...row,
          state: 'arrived',
          arrival: { queueNumber: 'A039', arrivedAt: row.slotStart, standing: 'on-time', stationName: '大厅 K' },
        }
      : row,
  )
  stage.centre.ring('bookings-changed')
  await expect.element(page.getByRole('row', { name: /王\*明/ })).toMatchTextContent(/A039/)
})

test('the board names the station whose check-ins it may lack, and since when', async () => {
  stage = openAdmin()
  await expect.element(page.getByText('大厅 M离线，自 11:50 起的签到可能还没显示。')).toBeVisible()
  stage.centre.stations = stage.centre.stations.map((station) => ({ ...station, link: 'online' }))
  stage.centre.ring('stations-changed')
  await expect.element(page.getByText(/离线/)).not.toBeInTheDocument()
})

test('who should have been here is marked in words and can be filtered for', async () => {
  stage = openAdmin()
  const row = page.getByRole('row', { name: /王\*明/ })
  await expect.element(row).toMatchTextContent(/未到/)
  await expect.element(row).not.toMatchTextContent(/已过时间/)
  stage.centre.now += 16 * 60_000
  stage.centre.ring('bookings-changed')
  await expect.element(row).toMatchTextContent(/未到 · 已过时间/)
  await page.getByRole('combobox', { name: '状态' }).click()
  await page.getByText('未到 · 已过时间', { exact: true }).last().click()
  await expect.element(page.getByText('欧阳*华')).not.toBeInTheDocument()
  await expect.element(row).toBeVisible()
  expect(new URLSearchParams(location.search).get('state')).toBe('overdue')
})

test('the page says whether it is live', async () => {
  stage = openAdmin()
  await expect.element(page.getByText('实时更新', { exact: true })).toBeVisible()
  stage.centre.setLive(false)
  await expect.element(page.getByText('实时更新已断开，每 15 秒刷新一次')).toBeVisible()
})

test('a lost centre leaves the last board standing, with its time and a way to try again', async () => {
  stage = openAdmin()
  await expect.element(page.getByText('王*明')).toBeVisible()
  stage.centre.reachable = false
  stage.centre.ring('bookings-changed')
  await expect.element(page.getByRole('alert')).toMatchTextContent(/下面是 14:05 的数据/)
  await expect.element(page.getByText('王*明')).toBeVisible()
  stage.centre.reachable = true
  await page.getByRole('button', { name: '再试一次' }).click()
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument()
})

test('a booking is made and its code and QR shown to hand over', async () => {
  stage = openAdmin()
  await page.getByRole('button', { name: '登记预约' }).click()
  const pane = page.getByRole('dialog')
  await pane.getByRole('button', { name: '登记', exact: true }).click()
  await expect.element(pane.getByRole('alert')).toMatchTextContent(/还有 4 处要改，预约没有登记/)
  await pane.getByLabelText('门诊').click()
  await page.getByText('儿科门诊', { exact: true }).last().click()
  await pane.getByLabelText('医生').fill('演示医生乙')
  await pane.getByLabelText('患者姓名').fill('王小明')
  await pane.getByLabelText('手机号').fill('138 0000 0001')
  await pane.getByRole('button', { name: '登记', exact: true }).click()
  await expect.element(page.getByText('987 654 320')).toBeVisible()
  await expect.element(page.getByRole('img', { name: '预约二维码' })).toBeVisible()
  await expect.element(page.getByRole('button', { name: '打印给患者' })).toBeVisible()
  await expect.element(pane).toMatchTextContent(/地点：二楼.*手机号后四位 ····0001/)
  expect(askedOf('appointment.create')).toEqual([
    expect.objectContaining({
      patientName: '王小明',
      phone: '13800000001',
      birthDate: null,
      slotStart: Date.parse('2026-11-22T06:10:00Z'),
      slotEnd: Date.parse('2026-11-22T06:20:00Z'),
    }),
  ])
})

test('an ID number is checked while it is typed, fills in the birthday, and goes with the booking beside the card number', async () => {
  stage = openAdmin()
  await page.getByRole('button', { name: '登记预约' }).click()
  const pane = page.getByRole('dialog')
  await pane.getByLabelText('门诊').click()
  await page.getByText('儿科门诊', { exact: true }).last().click()
  await pane.getByLabelText('医生').fill('演示医生乙')
  await pane.getByLabelText('患者姓名').fill('王小明')
  const idNumber = pane.getByLabelText('身份证号（选填）')
  await idNumber.fill('990000198703150021')
  await expect.element(pane.getByText(/身份证号有误/)).toBeVisible()
  await pane.getByRole('button', { name: '登记', exact: true }).click()
  expect(askedOf('appointment.create')).toEqual([])
  await idNumber.fill('990000198703150028')
  await expect.element(pane.getByText('校验位正确，出生日期已填好。')).toBeVisible()
  await pane.getByLabelText('就诊卡号（选填）').fill('9000 0102')
  await pane.getByRole('button', { name: '登记', exact: true }).click()
  await expect.element(page.getByText('987 654 320')).toBeVisible()
  expect(askedOf('appointment.create')).toEqual([
    expect.objectContaining({
      birthDate: '1987-03-15',
      cards: [
        { kind: 'id-number', value: '990000198703150028' },
        { kind: 'card-number', value: '90000102' },
      ],
    }),
  ])
})

test('only the slip is printed, whole and outside of the pane', async () => {
  stage = openAdmin()
  await page.getByRole('button', { name: '为 王*明 改约' }).click()
  await page.getByLabelText('就诊日期').fill('2026-11-23')
  await page.getByRole('button', { name: '改到这个时间' }).click()
  let printed = ''
  const { print } = window
  window.print = () => {
    printed = document.querySelector('body > .print-sheet')?.textContent ?? ''
  }
  await page.getByRole('button', { name: '打印给患者' }).click()
  window.print = print
  expect(printed).toMatch(/演示医院.*11-23 周一 14:05.*987 654 320/)
  dispatchEvent(new Event('afterprint'))
  expect(document.querySelector('.print-sheet')).toBeNull()
})

test('a booking sent again after a lost answer carries the same key', async () => {
  stage = openAdmin()
  await page.getByRole('button', { name: '登记预约' }).click()
  const pane = page.getByRole('dialog')
  await pane.getByLabelText('门诊').click()
  await page.getByText('儿科门诊', { exact: true }).last().click()
  await pane.getByLabelText('医生').fill('演示医生乙')
  await pane.getByLabelText('患者姓名').fill('王小明')
  await pane.getByLabelText('手机号').fill('13800000001')
  stage.centre.reachable = false
  await pane.getByRole('button', { name: '登记', exact: true }).click()
  await expect.element(pane.getByRole('alert')).toMatchTextContent(/没有保存成功/)
  stage.centre.reachable = true
  await pane.getByRole('button', { name: '登记', exact: true }).click()
  await expect.element(page.getByText('987 654 320')).toBeVisible()
  const keys = (askedOf('appointment.create') as { operationId: string }[]).map(({ operationId }) => operationId)
  expect(keys).toHaveLength(2)
  expect(new Set(keys).size).toBe(1)
})

test('cancelling names patient, time, clinic and code, and can be thought better of', async () => {
  stage = openAdmin()
  await page.getByRole('button', { name: '取消 王*明 的预约' }).click()
  const dialog = page.getByRole('dialog')
  await expect.element(dialog).toMatchTextContent(/取消 王\*明 的预约？/)
  await expect.element(dialog).toMatchTextContent(/11-22 周日 14:05，心内科门诊，演示医生甲/)
  await dialog.getByRole('button', { name: '保留预约' }).click()
  await expect.element(dialog).not.toBeInTheDocument()
  expect(askedOf('appointment.cancel')).toEqual([])
  await page.getByRole('button', { name: '取消 王*明 的预约' }).click()
  await page.getByRole('button', { name: '取消这个预约' }).click()
  await expect.element(page.getByText('已取消 王*明 11-22 周日 14:05 的预约。')).toBeVisible()
  expect(askedOf('appointment.cancel')).toHaveLength(1)
})

test('a patient who checked in meanwhile keeps the booking, and the desk is told', async () => {
  stage = openAdmin()
  await page.getByRole('button', { name: '取消 王*明 的预约' }).click()
  stage.centre.refuseNext = refused('booking-arrived', 409)
  await page.getByRole('button', { name: '取消这个预约' }).click()
  await expect.element(page.getByRole('alert')).toMatchTextContent(/患者刚刚签到了，预约没有改动/)
})

test('a booking is moved and gets a new code', async () => {
  stage = openAdmin()
  await page.getByRole('button', { name: '为 王*明 改约' }).click()
  const pane = page.getByRole('dialog')
  const move = pane.getByRole('button', { name: '改到这个时间' })
  await expect.element(pane.getByText(/时间没有变/)).toBeVisible()
  await expect.element(move).toBeDisabled()
  await pane.getByLabelText('就诊日期').fill('2026-11-23')
  await expect.element(move).toBeEnabled()
  await expect.element(pane.getByText(/时间没有变/)).not.toBeInTheDocument()
  await chooseTime('开始时间', '09:00')
  await chooseTime('结束时间', '08:50')
  await pane.getByRole('button', { name: '改到这个时间' }).click()
  await expect.element(pane.getByText('结束时间要晚于开始时间')).toBeVisible()
  await chooseTime('结束时间', '09:10')
  await pane.getByRole('button', { name: '改到这个时间' }).click()
  await expect.element(page.getByText('预约已改到新的时间')).toBeVisible()
  await expect.element(page.getByText('11-23 周一 09:00')).toBeVisible()
  expect(askedOf('appointment.reschedule')).toEqual([
    expect.objectContaining({ slotStart: Date.parse('2026-11-23T01:00:00Z') }),
  ])
})

for (const look of ['light', 'dark'] as const) {
  for (const locale of ['zh-CN', 'en'] as const) {
    test(`the board has no accessibility fault in ${look} ${locale}`, async () => {
      stage = openAdmin({ look, locale })
      await expect.element(page.getByText('王*明')).toBeVisible()
      expect(await accessibilityFaults()).toEqual([])
    })

    test(`the booking form has no accessibility fault in ${look} ${locale}`, async () => {
      stage = openAdmin({ look, locale })
      await page.getByRole('button', { name: locale === 'en' ? 'New booking' : '登记预约' }).click()
      const submit = page
        .getByRole('dialog')
        .getByRole('button', { name: locale === 'en' ? 'Book' : '登记', exact: true })
      await submit.click()
      await expect.element(page.getByRole('alert')).toBeVisible()
      expect(await accessibilityFaults()).toEqual([])
    })
  }
}
