import { expect, test } from 'vitest'
import type { PasskeyBrowser } from './passkey-browser.ts'
import { createSignInClient } from './sign-in-client.ts'

const noPasskeys: PasskeyBrowser = { isAble: false, ask: async () => null, make: async () => null }

function answering(status: number, body: unknown, headers: Record<string, string> = {}) {
  const asked: { path: string; body: unknown }[] = []
  const client = createSignInClient(async (input, init) => {
    asked.push({ path: String(input), body: JSON.parse(String(init?.body)) })
    return Response.json(body, { status, headers })
  }, noPasskeys)
  return { client, asked }
}

test('a right password is in, or leads to the second factor', async () => {
  const plain = answering(200, { token: 'x' })
  expect(await plain.client.withPassword('a@hospital.example', 'secret')).toEqual({ kind: 'in' })
  expect(plain.asked).toEqual([
    { path: '/auth/sign-in/email', body: { email: 'a@hospital.example', password: 'secret' } },
  ])
  const second = answering(200, { twoFactorRedirect: true })
  expect(await second.client.withPassword('a', 'b')).toEqual({ kind: 'second-factor' })
})

test('a wrong password, and a limit with its waiting time, are told apart', async () => {
  expect(await answering(401, {}).client.withPassword('a', 'b')).toEqual({ kind: 'wrong' })
  const limited = answering(429, {}, { 'retry-after': '600' })
  expect(await limited.client.withPassword('a', 'b')).toEqual({ kind: 'wait', retryAfterS: 600 })
})

test.each([
  [200, {}, 'in'],
  [401, { code: 'INVALID_CODE' }, 'wrong'],
  [401, { code: 'INVALID_BACKUP_CODE' }, 'wrong'],
  [401, { code: 'INVALID_TWO_FACTOR_COOKIE' }, 'expired'],
  [400, { code: 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE' }, 'expired'],
  [429, { code: 'ACCOUNT_TEMPORARILY_LOCKED' }, 'locked'],
  [401, { code: 'CODE_SPENT' }, 'spent'],
])('a code answered with %i %j is %s', async (status, body, kind) => {
  expect(await answering(status, body).client.withCode('123456')).toEqual({ kind })
  expect(await answering(status, body).client.withRecoveryCode('x')).toEqual({ kind })
})

test('a broken centre is a fault, not a wrong password', async () => {
  await expect(answering(500, {}).client.withPassword('a', 'b')).rejects.toThrow(TypeError)
  await expect(answering(503, {}).client.withCode('123456')).rejects.toThrow(TypeError)
})
