import { afterEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { type AdminStage, accessibilityFaults, openAdmin } from '../shell/admin-stage.tsx'

const patienceMs = 15_000
let stage: AdminStage
afterEach(() => stage.clear())

const asked = (call: string) => stage.centre.asked.filter((one) => one.call === call).map(({ input }) => input)

test('a person gets a PIN and a card for the staff panel, and both can be taken away', async () => {
  stage = openAdmin({ at: '/admin/staff' })
  await page.getByRole('button', { name: /修改.*演示医生甲/ }).click()
  await expect.element(page.getByRole('button', { name: '设为 PIN' }), { timeout: patienceMs }).toBeVisible()
  expect(await accessibilityFaults()).toEqual([])
  await page.getByRole('textbox', { name: '新 PIN' }).fill('482913')
  await page.getByRole('button', { name: '设为 PIN' }).click()
  await vi.waitFor(() => expect(asked('staff.setPanelPin')).toMatchObject([{ pin: '482913' }]), patienceMs)
  await page.getByRole('textbox', { name: '卡号（UID）' }).fill('04a2b3c4')
  await page.getByRole('button', { name: '添加卡' }).click()
  await vi.waitFor(() => expect(asked('staff.setPanelCard')).toMatchObject([{ cardUid: '04A2B3C4' }]), patienceMs)
  await page.getByRole('button', { name: '收回 PIN' }).click()
  await vi.waitFor(() => expect(asked('staff.setPanelPin')).toMatchObject([{}, { pin: null }]), patienceMs)
})

test('a large picture is sent as a small upright JPEG, and what is no picture is not sent', async () => {
  stage = openAdmin({ at: '/admin/staff' })
  await page.getByRole('button', { name: /修改.*演示医生甲/ }).click()
  const canvas = Object.assign(document.createElement('canvas'), { width: 1600, height: 900 })
  canvas.getContext('2d')?.fillRect(0, 0, 800, 900)
  const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  await userEvent.upload(page.getByLabelText(/选一张照片/), new File(['no picture'], 'a.png', { type: 'image/png' }))
  await expect.element(page.getByText(/这个文件不是可以读取的照片/), { timeout: patienceMs }).toBeVisible()
  await userEvent.upload(page.getByLabelText(/选一张照片/), new File([png ?? ''], 'b.png', { type: 'image/png' }))
  await vi.waitFor(() => expect(asked('staff.setPhoto')).toHaveLength(1), patienceMs)
  const [sent] = asked('staff.setPhoto')
  const photo = typeof sent === 'object' && sent !== null && 'photo' in sent ? String(sent.photo) : ''
  // The first bytes of every JPEG, FF D8 FF, in base64.
  expect(photo.slice(0, 4)).toBe('/9j/')
  expect(photo.length).toBeLessThan(54_616)
})

test('a department is changed and closed, posts are added, names at kiosks shown whole', async () => {
  stage = openAdmin({ at: '/admin/staff?department=019ab000-0000-7000-8000-000000000503' })
  await page.getByRole('button', { name: '修改科室' }).click()
  await expect.element(page.getByRole('textbox', { name: '科室编码' })).toHaveValue('PED')
  await page.getByRole('button', { name: '关闭科室' }).click()
  await vi.waitFor(
    () => expect(asked('organisation.putDepartment')).toMatchObject([{ code: 'PED', retired: true }]),
    patienceMs,
  )
  await page.getByRole('button', { name: '岗位' }).click()
  await page.getByRole('textbox', { name: '岗位名称（中文）' }).fill('护士长')
  await page.getByRole('textbox', { name: '岗位名称（英文）' }).fill('Head nurse')
  await page.getByRole('button', { name: '新增岗位' }).click()
  await vi.waitFor(
    () => expect(asked('organisation.putPost')).toMatchObject([{ name: { en: 'Head nurse' }, retired: false }]),
    patienceMs,
  )
})

test.each([
  ['zh-CN', 'light', '撤下：演示护士乙'],
  ['en', 'dark', /Remove.*演示护士乙/],
] as const)('the ward shifts of a day in %s and %s: somebody on duty is taken off', async (locale, look, name) => {
  stage = openAdmin({ at: '/admin/wards', locale, look })
  await expect.element(page.getByRole('button', { name }), { timeout: patienceMs }).toBeVisible()
  expect(await accessibilityFaults()).toEqual([])
  await page.getByRole('button', { name }).click()
  await vi.waitFor(
    () => expect(asked('staff.assignWard')).toMatchObject([{ day: '2026-11-22', shift: 'day', departmentId: null }]),
    patienceMs,
  )
})
