import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { type AdminStage, accessibilityFaults, openAdmin } from '../shell/admin-stage.tsx'
import { refused } from '../shell/fake-centre.ts'

let stage: AdminStage
afterEach(() => stage.clear())

const askedOf = (call: string) => stage.centre.asked.filter((one) => one.call === call).map(({ input }) => input)
const fileAddress = '/admin/customers/019ab000-0000-7000-8000-000000000700'

test.each([
  ['/admin/customers', 'zh-CN', 'light', '王小明'],
  ['/admin/customers', 'en', 'dark', '王小明'],
  [fileAddress, 'zh-CN', 'light', '青霉素'],
  [fileAddress, 'en', 'dark', '青霉素'],
  ['/admin/customers/duplicates', 'zh-CN', 'light', '高度疑似 · 相似度 95'],
  ['/admin/customers/duplicates', 'en', 'dark', 'Nearly certain · Score 95'],
  ['/admin/groups', 'zh-CN', 'light', '演示机械厂'],
  ['/admin/groups/019ab000-0000-7000-8000-000000000800', 'zh-CN', 'light', '体检结果'],
  ['/admin/groups/019ab000-0000-7000-8000-000000000800', 'en', 'dark', 'Check-up results'],
] as const)('%s in %s and %s shows its content and has no fault that axe finds', async (at, locale, look, shown) => {
  stage = openAdmin({ at, locale, look })
  await expect.element(page.getByText(shown).first()).toBeVisible()
  expect(await accessibilityFaults()).toEqual([])
})

test.each([fileAddress, '/admin/customers/duplicates'])(
  'the menu marks its page at %s, which is below it',
  async (at) => {
    stage = openAdmin({ at })
    const link = page.getByRole('navigation').getByRole('link', { name: '客户', exact: true })
    await expect.element(link, { timeout: 15_000 }).toHaveAttribute('aria-current', 'true')
    expect(page.getByRole('navigation').element().querySelectorAll('[aria-current]')).toHaveLength(1)
  },
)

test('a booking that is still to come is not told as one nobody came to', async () => {
  stage = openAdmin({ at: fileAddress })
  await expect.element(page.getByText('已约好，还没到时间'), { timeout: 15_000 }).toBeVisible()
})

test('filters stay in the address and are asked of the centre; a search shows what was found by what', async () => {
  stage = openAdmin({ at: '/admin/customers?state=active' })
  await expect.element(page.getByText('王小明')).toBeVisible()
  await expect.element(page.getByText('钱二')).not.toBeInTheDocument()
  expect(askedOf('customer.list')).toEqual([{ state: 'active' }])
  await page.getByLabelText('姓名、首字母、电话、证件号、卡号或预约码').fill('赵')
  await page.getByRole('button', { name: '查找' }).click()
  await expect.element(page.getByText('找到 1 位')).toBeVisible()
  expect(location.search).toBe(`?q=${encodeURIComponent('赵')}`)
  expect(askedOf('customer.find')).toEqual([{ text: '赵' }])
})

test('a new file takes birth date and sex from the ID number; a wrong one is not sent', async () => {
  stage = openAdmin({ at: '/admin/customers' })
  await page.getByRole('button', { name: '新建档案' }).click()
  const pane = page.getByRole('dialog')
  await pane.getByLabelText('姓名').fill('孙七')
  await pane.getByLabelText('身份证号').fill('990000198703150021')
  await pane.getByRole('button', { name: '建档' }).click()
  await expect.element(pane.getByText(/身份证号有误/)).toBeVisible()
  expect(askedOf('customer.create')).toEqual([])
  await pane.getByLabelText('身份证号').fill('990000198703150028')
  await pane.getByRole('button', { name: '建档' }).click()
  await expect.element(page.getByRole('heading', { name: '王小明 的档案' })).toBeVisible()
  expect(askedOf('customer.create')).toEqual([
    expect.objectContaining({
      name: '孙七',
      sex: 'female',
      birthDate: '1987-03-15',
      details: [{ kind: 'id-number', value: '990000198703150028', label: null }],
    }),
  ])
})

test('what a visit still misses leads to its form, and what is written goes to the centre', async () => {
  stage = openAdmin({ at: fileAddress })
  await page.getByRole('button', { name: '添加健康卡号' }).click()
  const pane = page.getByRole('dialog')
  await pane.getByLabelText('号码或内容').fill('abc')
  await pane.getByRole('button', { name: '添加', exact: true }).click()
  await expect.element(pane.getByText('写法不对，请核对')).toBeVisible()
  await pane.getByLabelText('号码或内容').fill('138 0000 0002')
  await pane.getByRole('button', { name: '添加', exact: true }).click()
  await expect.element(page.getByText('已添加。')).toBeVisible()
  expect(askedOf('customer.add')).toEqual([
    expect.objectContaining({
      added: { entry: 'detail', detail: { kind: 'phone', value: '13800000002', label: null } },
    }),
  ])
})

test('a file that somebody else changed meanwhile is said to be, and what was typed stays', async () => {
  stage = openAdmin({ at: fileAddress })
  await page.getByRole('button', { name: '修改 基本信息' }).click()
  const pane = page.getByRole('dialog')
  await pane.getByLabelText('职业').fill('教师')
  stage.centre.refuseNext = refused('person-changed', 409)
  await pane.getByRole('button', { name: '保存' }).click()
  await expect.element(pane.getByRole('alert')).toMatchTextContent(/刚刚被别人改过，没有保存/)
  await expect.element(pane.getByLabelText('职业')).toHaveValue('教师')
})

test('two files are merged into the one that was chosen, with what was ticked; a merge is undone', async () => {
  stage = openAdmin({ at: '/admin/customers/duplicates' })
  const pair = page.getByRole('region', { name: '欧阳示范 · 欧阳士凡' })
  await pair.getByRole('radio', { name: '档案甲 · 保留这份' }).click()
  await pair.getByRole('checkbox', { name: '姓名：欧阳士凡' }).click()
  await pair.getByRole('button', { name: '合并 欧阳示范 与 欧阳士凡' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '合并', exact: true }).click()
  await expect.element(page.getByText('已合并。')).toBeVisible()
  expect(askedOf('customer.merge')).toEqual([
    expect.objectContaining({
      survivorId: '019ab000-0000-7000-8000-000000000701',
      mergedId: '019ab000-0000-7000-8000-000000000781',
      take: ['name'],
    }),
  ])
  await page.getByRole('button', { name: '撤销 王晓明 并入 王小明' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '撤销', exact: true }).click()
  await expect.element(page.getByText('已撤销合并，现在又是两份档案。')).toBeVisible()
  expect(askedOf('customer.unmerge')).toHaveLength(1)
})
