import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { fakeDesk } from '../access/fake-staff.ts'
import { type AdminStage, accessibilityFaults, openAdmin } from '../shell/admin-stage.tsx'
import { refused } from '../shell/fake-centre.ts'

let stage: AdminStage
afterEach(() => stage.clear())

async function typeCode(code: string) {
  await page.getByRole('button', { name: '登记新机' }).click()
  await page.getByLabelText('配对码').fill(code)
  await page.getByRole('button', { name: '查找' }).click()
}

async function choose(label: string, option: string) {
  await page.getByLabelText(label).click()
  await page.getByTitle(option).click()
}

test('a machine is found by its code, compared, placed and approved', async () => {
  stage = openAdmin({ at: '/admin/stations' })
  await typeCode('4071 8265')
  const pane = page.getByRole('dialog')
  await expect.element(pane).toMatchTextContent(/3f0a 91bc 77de 0412.*a8c9 5560 be13 d27f/)
  await expect.element(pane).toMatchTextContent(/lobby-7 · linux x64/)
  const approve = pane.getByRole('button', { name: '指纹一致，批准' })
  await expect.element(approve).toBeDisabled()
  await choose('院区', '主院区')
  await pane.getByLabelText('名称（中文）').fill('大厅 P')
  await pane.getByLabelText('名称（英文）').fill('Lobby P')
  await pane.getByLabelText('机号').fill('p')
  await approve.click()
  await expect.element(page.getByText('已登记。机器几秒后开始服务。')).toBeVisible()
  expect(stage.centre.asked).toContainEqual({
    call: 'pairing.approve',
    input: expect.objectContaining({ place: expect.objectContaining({ kind: 'new', letter: 'P' }) }),
  })
})

test('a wrong code is told from an ended and a used one, with what to do', async () => {
  stage = openAdmin({ at: '/admin/stations' })
  await typeCode('11112222')
  await expect.element(page.getByText(/没有机器显示这个配对码。请再看一遍屏幕。您还可以试 9 次。/)).toBeVisible()
  for (const [refusal, words] of [
    [refused('code-expired', 410), /已经过期/],
    [refused('code-used', 409), /已经用过/],
    [refused('too-many-tries', 429, { retryAfterS: 600 }), /请 10 分钟后再试/],
  ] as const) {
    stage.centre.refuseNext = refusal
    await page.getByRole('button', { name: '查找' }).click()
    await expect.element(page.getByText(words)).toBeVisible()
  }
})

test('a machine can take the place of another', async () => {
  stage = openAdmin({ at: '/admin/stations' })
  await typeCode('40718265')
  await choose('位置', '替换一台旧机')
  await choose('替换哪一台', 'M · 大厅 M')
  await page.getByRole('button', { name: '指纹一致，批准' }).click()
  await expect.element(page.getByText('已登记。机器几秒后开始服务。')).toBeVisible()
  expect(stage.centre.asked).toContainEqual({
    call: 'pairing.approve',
    input: expect.objectContaining({ place: { kind: 'replacement', replaces: expect.any(String) } }),
  })
})

test('only administrators are offered to enrol', async () => {
  stage = openAdmin({
    at: '/admin/stations',
    prepare: (centre) => {
      centre.who = fakeDesk
    },
  })
  await expect.element(page.getByRole('row', { name: /大厅 K/ })).toBeVisible()
  await expect.element(page.getByRole('button', { name: '登记新机' })).not.toBeInTheDocument()
})

test('the pane is accessible', async () => {
  stage = openAdmin({ at: '/admin/stations' })
  await typeCode('40718265')
  await expect.element(page.getByRole('button', { name: '指纹一致，批准' })).toBeVisible()
  expect(await accessibilityFaults()).toEqual([])
})
