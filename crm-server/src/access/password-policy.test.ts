import { expect, test } from 'vitest'
import { isPasswordDue, passwordWeakness } from './password-policy.ts'

const personal = ['admin@example.org', '演示管理员', 'Lin Xiaoyue']

test.each(['short', '十一个汉字还是太短了啊', 'Abc123!@#xy'])('%s is too short', (password) => {
  expect(passwordWeakness(password, personal)).toBe('too-short')
})

test.each([
  'password1234',
  'Passw0rd!2026',
  'P@$$w0rd1234',
  'qwertyuiop123',
  '1qaz2wsx3edc4rfv',
  'hospital2026!',
  'renminyiyuan888',
  'yizhan123456',
  'administrator1',
  'aaaaaaaaaaaaaaaa',
  'abcdefghijklmnop',
  '1234567890123456',
  'woaini5201314',
  'linxiaoyue2026',
  '人民医院管理员密码我爱你',
])('%s is among the first that are tried', (password) => {
  expect(passwordWeakness(password, personal)).toBe('common')
})

test.each(['larks at five in the morning', '清晨五点云雀在南山坡上叫', 'mq7-vkt2-9wre-x4hd', 'Tr0ub4dor&3-plum'])(
  '%s may be used',
  (password) => {
    expect(passwordWeakness(password, personal)).toBeNull()
  },
)

test.each([
  ['larks at five in the morning', 'too-plain'],
  ['清晨五点云雀在南山坡上叫', 'too-plain'],
  ['Larks at five in the morning', null],
  ['larks at 5 in the morning', null],
  ['Passw0rd!2026', 'common'],
  ['Lark5!', 'too-short'],
])('under the profile of level 3 %j is %s', (password, weakness) => {
  expect(passwordWeakness(password, personal, 'mlps3')).toBe(weakness)
})

test('a password is due after ninety days under level 3, and never by the calendar alone otherwise', () => {
  const dayMs = 86_400_000
  expect(isPasswordDue('mlps3', 0, 90 * dayMs - 1)).toBe(false)
  expect(isPasswordDue('mlps3', 0, 90 * dayMs)).toBe(true)
  expect(isPasswordDue('mlps3', null, 900 * dayMs)).toBe(false)
  expect(isPasswordDue('asvs', 0, 900 * dayMs)).toBe(false)
})
