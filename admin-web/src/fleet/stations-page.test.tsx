import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { fakeDesk } from '../access/fake-staff.ts'
import { type AdminStage, accessibilityFaults, openAdmin } from '../shell/admin-stage.tsx'

let stage: AdminStage
afterEach(() => stage.clear())

test('every station shows its true state in words, those that need somebody first', async () => {
  stage = openAdmin({ at: '/admin/stations' })
  const trouble = page.getByRole('row', { name: /大厅 L/ })
  await expect.element(trouble).toMatchTextContent(/可用，有问题/)
  await expect.element(trouble).toMatchTextContent(/缺纸 · 机盖没盖好/)
  await expect.element(trouble).toMatchTextContent(/没有回应/)
  await expect.element(trouble).toMatchTextContent(/1 张不确定 · 2 张失败/)
  const away = page.getByRole('row', { name: /大厅 M/ })
  await expect.element(away).toMatchTextContent(/离线/)
  await expect.element(away).toMatchTextContent(/12 条，最早 2 小时前/)
  await expect.element(away).toMatchTextContent(/2 小时前 · 11-22 周日 11:50/)
  await expect.element(page.getByRole('row', { name: /大厅 N/ })).toMatchTextContent(/从未联系.*还没有报告过/)
  await expect.element(page.getByRole('row', { name: /大厅 K/ })).toMatchTextContent(/在线可用/)
  await expect.element(page.getByText('3 台要人去看')).toBeVisible()
  const names = page.getByRole('button', { name: /详情$/ }).elements()
  expect(names.map((name) => name.textContent)).toEqual(['大厅 L', '大厅 M', '大厅 N', '大厅 K'])
})

test('of a station that is not heard everything is grey and told as last reported', async () => {
  stage = openAdmin({ at: '/admin/stations' })
  const away = page.getByRole('row', { name: /大厅 M/ })
  await expect.element(away).toMatchTextContent(/上次报告时：正常.*上次报告时：正常.*上次报告时：12 条.*上次报告时：无/)
  expect(away.element().querySelector('.ui-tag-good')).toBeNull()
  await expect.element(page.getByRole('row', { name: /大厅 K/ })).not.toMatchTextContent(/上次报告时/)
  await page.getByRole('button', { name: '大厅 M详情' }).click()
  const pane = page.getByRole('dialog')
  await expect.element(pane).toMatchTextContent(/上次报告时：12/)
  expect(pane.element().querySelector('.ui-tag-good')).toBeNull()
})

test('with the centre away the page says of when it is, and nothing of now', async () => {
  stage = openAdmin({
    at: '/admin/stations',
    prepare: (centre) => {
      centre.stations = centre.stations.slice(0, 1)
    },
  })
  await expect.element(page.getByText('全部正常')).toBeVisible()
  stage.centre.setLive(false)
  stage.centre.reachable = false
  stage.centre.ring('stations-changed')
  await expect.element(page.getByRole('alert')).toMatchTextContent(/下面是 14:05 的数据/)
  await expect.element(page.getByText('14:05 的情况，现在不明')).toBeVisible()
  const row = page.getByRole('row', { name: /大厅 K/ })
  await expect.element(row).toMatchTextContent(/当时：在线 · 可用.*上次报告时：正常/)
  await expect.element(row).not.toMatchTextContent(/刚刚|秒前/)
  expect(document.querySelector('.frame-page .ui-tag-good')).toBeNull()
  stage.centre.reachable = true
  await page.getByRole('button', { name: '再试一次' }).click()
  await expect.element(page.getByText('全部正常')).toBeVisible()
})

test('the details of a station have an address of their own', async () => {
  stage = openAdmin({ at: '/admin/stations' })
  await page.getByRole('button', { name: '大厅 M详情' }).click()
  const pane = page.getByRole('dialog')
  await expect.element(pane).toMatchTextContent(/SHA256:9f2c 77aa 01d4 c3be/)
  await expect.element(pane).toMatchTextContent(/41\.2 GB/)
  expect(new URLSearchParams(location.search).get('station')).toBe(
    stage.centre.stations.find(({ letter }) => letter === 'M')?.stationId,
  )
  await pane.getByRole('button', { name: '关闭' }).click()
  await expect.element(pane).not.toBeInTheDocument()
  expect(location.search).toBe('')
})

test('the details tell of the last readiness check and of what became of each device', async () => {
  stage = openAdmin({ at: '/admin/stations' })
  await expect.element(page.getByRole('row', { name: /大厅 L/ })).toMatchTextContent(/就绪检查未通过/)
  await expect.element(page.getByRole('row', { name: /大厅 K/ })).not.toMatchTextContent(/就绪检查/)
  await page.getByRole('button', { name: '大厅 L详情' }).click()
  const readiness = page.getByRole('region', { name: '就绪检查' })
  await expect.element(readiness).toMatchTextContent(/未就绪/)
  await expect.element(readiness).toMatchTextContent(/读卡器 card-reader-1 · 找到设备 没有通过 · 读卡服务没有运行/)
  await expect.element(readiness).toMatchTextContent(/扫码器 scanner-1 · 试扫 没有做/)
  const history = page.getByRole('region', { name: '设备变化' })
  await expect.element(history).toMatchTextContent(/11-22 周日 14:04打印机 printer-1缺纸 · 机盖没盖好/)
  await expect.element(history).toMatchTextContent(/反复出错，暂停使用变化太频繁，之前还有 249 次/)
  expect(history.element().querySelectorAll('li')).toHaveLength(12)
  await history.getByRole('button', { name: '显示全部 16 条' }).click()
  await expect.element(history.getByRole('listitem')).toHaveLength(16)
})

test('an alarm stands as a sign in the table and in words in the details, until somebody says it is looked after', async () => {
  stage = openAdmin({ at: '/admin/stations' })
  await expect.element(page.getByRole('row', { name: /大厅 L/ })).toMatchTextContent(/1 个告警/)
  await expect.element(page.getByRole('row', { name: /大厅 K/ })).not.toMatchTextContent(/告警/)
  await page.getByRole('button', { name: '大厅 L详情' }).click()
  const alarms = page.getByRole('region', { name: '告警' })
  await expect.element(alarms).toMatchTextContent(/数据库损坏过，已自动重建.*有 1 张表没能全部读出，3 条记录由副本补回/)
  await alarms.getByRole('button', { name: /已处理/ }).click()
  await expect.element(page.getByText('告警已记为处理。')).toBeVisible()
  expect(stage.centre.asked).toContainEqual({
    call: 'fleet.acknowledgeAlarm',
    input: expect.objectContaining({ alarmId: stage.centre.stations[1]?.alarms[0]?.alarmId }),
  })
})

test('what is wrong now says since when, what it means for patients and what to do, and goes with its cause', async () => {
  stage = openAdmin({
    at: '/admin/stations',
    prepare: (centre) => {
      centre.stations = centre.stations.map((station) =>
        station.letter === 'N'
          ? {
              ...station,
              link: 'quarantined',
              standing: [
                { kind: 'clone-quarantine', since: centre.now },
                { kind: 'key-rotation-overdue', since: centre.now },
              ],
            }
          : station,
      )
    },
  })
  await expect.element(page.getByRole('row', { name: /大厅 M/ })).toMatchTextContent(/2 个告警/)
  await page.getByRole('button', { name: '大厅 M详情' }).click()
  const alarms = page.getByRole('region', { name: '告警' })
  await expect
    .element(alarms)
    .toMatchTextContent(/开诊时间失联 2 小时从 11-22 周日 11:50 起.*患者仍可签到.*请到现场看机器是否开着/)
  await expect.element(alarms).toMatchTextContent(/2 条记录中心没能处理/)
  await expect.element(alarms.getByRole('button', { name: /已处理/ })).not.toBeInTheDocument()
  await page.getByRole('button', { name: '关闭' }).click()
  await page.getByRole('button', { name: '大厅 N详情' }).click()
  await expect.element(alarms).toMatchTextContent(/两台机器在用同一把密钥.*登记新机.*更换密钥已逾期/)
})

test('records that were not taken in are tried again together, or settled one by one with a reason', async () => {
  stage = openAdmin({ at: '/admin/stations' })
  await page.getByRole('button', { name: '大厅 M详情' }).click()
  const held = page.getByRole('region', { name: '没能处理的记录' })
  await expect.element(held).toMatchTextContent(/签到 A037.*新版本的记录（locker-opened）/)
  await held.getByRole('button', { name: '全部重试' }).click()
  await expect.element(page.getByText('已重新处理，结果几秒后更新。')).toBeVisible()
  await held.getByRole('button', { name: '结案：签到 A037' }).click()
  const confirm = page.getByRole('button', { name: '确认结案' })
  await expect.element(confirm).toBeDisabled()
  await page.getByLabelText('原因').fill('已在服务台补签')
  await confirm.click()
  await expect.element(page.getByText('已结案。')).toBeVisible()
  expect(stage.centre.asked).toContainEqual({
    call: 'fleet.settleEvent',
    input: expect.objectContaining({ reason: '已在服务台补签' }),
  })
})

test('the offline data file is saved by its day, and the way into the machine is told step by step', async () => {
  stage = openAdmin({ at: '/admin/stations' })
  await page.getByRole('button', { name: '大厅 M详情' }).click()
  const section = page.getByRole('region', { name: '离线数据文件' })
  await section.getByRole('button', { name: '导出离线数据文件' }).click()
  await expect
    .element(section)
    .toMatchTextContent(/已下载 yizhan-feed-2026-11-22-1405\.json.*U 盘.*import-feed-main\.ts/)
  expect(stage.centre.asked).toContainEqual({ call: 'fleet.feedFile', input: undefined })
  stage.clear()
  stage = openAdmin({
    at: '/admin/stations',
    prepare: (centre) => {
      centre.who = fakeDesk
    },
  })
  await page.getByRole('button', { name: '大厅 M详情' }).click()
  await expect.element(page.getByRole('region', { name: '没能处理的记录' })).toBeVisible()
  await expect.element(page.getByRole('region', { name: '离线数据文件' })).not.toBeInTheDocument()
  await expect.element(page.getByRole('button', { name: '全部重试' })).not.toBeInTheDocument()
})

test('a station without checks and changes says so', async () => {
  stage = openAdmin({ at: '/admin/stations' })
  await page.getByRole('button', { name: '大厅 K详情' }).click()
  await expect.element(page.getByRole('region', { name: '就绪检查' })).toMatchTextContent(/还没有做过/)
  await expect.element(page.getByRole('region', { name: '设备变化' })).toMatchTextContent(/最近 30 天没有变化/)
})

test('revoking asks for a reason and the letter, and says what stays behind', async () => {
  stage = openAdmin({ at: '/admin/stations' })
  await page.getByRole('button', { name: '大厅 M详情' }).click()
  await page.getByRole('button', { name: '停用这台自助机' }).click()
  await expect.element(page.getByText(/还没上传的 12 条记录将留在机器里/)).toBeVisible()
  const confirm = page.getByRole('button', { name: '停用 M 号机' })
  await page.getByLabelText('停用原因').fill('设备报废')
  await page.getByLabelText('请输入机号 M 确认').fill('L')
  await expect.element(confirm).toBeDisabled()
  await page.getByLabelText('请输入机号 M 确认').fill('m')
  await confirm.click()
  await expect.element(page.getByText('大厅 M 已停用。')).toBeVisible()
  expect(stage.centre.asked).toContainEqual({
    call: 'fleet.revoke',
    input: expect.objectContaining({ reason: '设备报废' }),
  })
})

test('only administrators are offered to revoke', async () => {
  stage = openAdmin({
    at: '/admin/stations',
    prepare: (centre) => {
      centre.who = fakeDesk
    },
  })
  await page.getByRole('button', { name: '大厅 M详情' }).click()
  await expect.element(page.getByRole('dialog')).toMatchTextContent(/密钥指纹/)
  await expect.element(page.getByRole('button', { name: '停用这台自助机' })).not.toBeInTheDocument()
})

test('a fleet without stations says how one comes to be', async () => {
  stage = openAdmin({
    at: '/admin/stations',
    prepare: (centre) => {
      centre.stations = []
    },
  })
  await expect.element(page.getByText('还没有自助机')).toBeVisible()
})

for (const look of ['light', 'dark'] as const) {
  for (const locale of ['zh-CN', 'en'] as const) {
    test(`list, details and revoking have no accessibility fault in ${look} ${locale}`, async () => {
      stage = openAdmin({ at: '/admin/stations', look, locale })
      const details = page.getByRole('button', { name: locale === 'en' ? 'Details of Lobby M' : '大厅 M详情' })
      await expect.element(details).toBeVisible()
      expect(await accessibilityFaults()).toEqual([])
      await details.click()
      await expect.element(page.getByRole('dialog')).toMatchTextContent(/SHA256/)
      expect(await accessibilityFaults()).toEqual([])
      await page.getByRole('button', { name: locale === 'en' ? 'Close' : '关闭' }).click()
      await page.getByRole('button', { name: locale === 'en' ? 'Details of Lobby L' : '大厅 L详情' }).click()
      const history = page.getByRole('region', { name: locale === 'en' ? 'Device history' : '设备变化' })
      await expect.element(history).toMatchTextContent(/printer-1/)
      expect(await accessibilityFaults()).toEqual([])
      await page.getByRole('button', { name: locale === 'en' ? 'Revoke this kiosk' : '停用这台自助机' }).click()
      await expect.element(page.getByLabelText(locale === 'en' ? 'Reason' : '停用原因')).toBeVisible()
      expect(await accessibilityFaults()).toEqual([])
    })
  }
}
