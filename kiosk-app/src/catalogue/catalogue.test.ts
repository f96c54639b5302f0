import { messageParameters } from '@yizhan/rules/catalogue/message-format'
import { expect, test } from 'vitest'
import { cardZhCn } from './card-words.ts'
import { en, english } from './en.ts'
import { readinessZhCn } from './readiness-words.ts'
import { chinese, wordsOf } from './words.ts'
import { type MessageKey, zhCn } from './zh-cn.ts'

const keys = Object.keys(zhCn) as MessageKey[]
const allInChinese = [zhCn, cardZhCn, readinessZhCn].flatMap((messages) => Object.values(messages))

test('both languages fill in the same values', () => {
  for (const key of keys) expect([key, messageParameters(en[key])]).toEqual([key, messageParameters(zhCn[key])])
})

test('no message is empty, and English holds no Chinese but the name of that language', () => {
  for (const key of keys) {
    expect(zhCn[key]).not.toBe('')
    if (key !== 'language.other') expect(en[key]).not.toMatch(/\p{Script=Han}/u)
  }
})

test('no screen blames the system or shows a bare code', () => {
  for (const message of allInChinese) expect(message).not.toMatch(/系统异常|错误代码|失败/)
})

test("times are the hospital's, whatever the browser's zone", () => {
  const at = Date.UTC(2026, 10, 22, 0, 5)
  expect(wordsOf(chinese, 'Asia/Shanghai').clock(at)).toBe('08:05')
  expect(wordsOf(chinese, 'Asia/Shanghai').day(at)).toBe('11月22日周日')
  expect(wordsOf(english, 'Asia/Shanghai').day(at)).toMatch(/Sun,? 22 November/)
})
