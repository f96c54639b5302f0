import { messageParameters } from '@yizhan/rules/catalogue/message-format'
import { expect, test } from 'vitest'
import { adminEn } from './admin-en.ts'
import { type AdminMessageKey, adminZhCn } from './admin-zh-cn.ts'

const keys = Object.keys(adminZhCn) as AdminMessageKey[]

test('both languages have the same texts, filled with the same values', () => {
  expect(Object.keys(adminEn).sort()).toEqual([...keys].sort())
  for (const key of keys) {
    expect(messageParameters(adminEn[key]), key).toEqual(messageParameters(adminZhCn[key]))
  }
})

test('no English text holds Chinese characters but the name of the other language', () => {
  const foreign = keys.filter((key) => key !== 'app.language.other' && /\p{Script=Han}/u.test(adminEn[key]))
  expect(foreign).toEqual([])
})
