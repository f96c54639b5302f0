import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { type AdminStage, accessibilityFaults, openAdmin } from '../shell/admin-stage.tsx'

/** A browser on a busy machine. */
const patienceMs = 60_000

let stage: AdminStage
afterEach(() => stage.clear())

const asked = () => stage.centre.asked.filter(({ call }) => call === 'audit.list').map(({ input }) => input)

test('the trail says who did what in which role, until when it is sealed, and that it was found whole', async () => {
  stage = openAdmin({ at: '/admin/audit' })
  await expect.element(page.getByText(/封存至/)).toBeVisible()
  await expect.element(page.getByText(/核验完整/)).toBeVisible()
  const row = page.getByRole('row', { name: /停用站点/ }).first()
  await expect.element(row).toMatchTextContent(/管理员 示范.*医院管理员.*原因：设备返修.*已封存/)
  expect(await accessibilityFaults()).toEqual([])
})

test('a name leads to everything of that person, and the address keeps what is looked for', async () => {
  stage = openAdmin({ at: '/admin/audit?verb=read' })
  await page.getByRole('link', { name: '前台 示范' }).first().click()
  await expect.element(page.getByRole('row', { name: /取消预约/ }).first()).toBeVisible()
  expect(page.getByRole('row', { name: /停用站点/ }).elements()).toEqual([])
  expect(asked()).toEqual([{ verb: 'read' }, { actorId: 'u-front' }])
  expect(location.search).toBe('?who=u-front')
})

test('older rows come page by page, and one press leads back to the latest', async () => {
  stage = openAdmin({ at: '/admin/audit' })
  await page.getByRole('button', { name: '更早' }).click()
  await expect.element(page.getByRole('button', { name: '回到最新' })).toBeVisible()
  await expect.poll(() => asked().length, { timeout: patienceMs }).toBe(2)
  expect(asked()[1]).toMatchObject({ after: { auditId: expect.any(String) } })
  await page.getByRole('button', { name: '回到最新' }).click()
  await expect.element(page.getByRole('button', { name: '更早' })).toBeVisible()
})

test('a chain that was found changed is said at once, with the row and what to do', async () => {
  stage = openAdmin({
    at: '/admin/audit',
    prepare: (centre) => {
      centre.auditFindings.push({ kind: 'row-changed', block: 7, auditId: '019ab000-0000-7000-8000-000000000007' })
    },
  })
  await expect.element(page.getByRole('listitem')).toBeVisible()
  expect(page.getByRole('listitem').element().textContent).toMatch(/记录被改动\s*第 7 块\s*019ab.*0007/)
  await expect.element(page.getByText(/1 个加密字段无法打开/)).toBeVisible()
  expect(await accessibilityFaults()).toEqual([])
})
