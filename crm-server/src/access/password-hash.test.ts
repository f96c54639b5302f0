import { expect, test } from 'vitest'
import { hashPassword, passwordFits } from './password-hash.ts'

test('a password fits its own hash and no other does', async () => {
  const hash = await hashPassword('清晨五点的云雀在叫')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await passwordFits('清晨五点的云雀在叫', hash)).toBe(true)
  expect(await passwordFits('清晨五点的云雀在叫 ', hash)).toBe(false)
})

test('the same password hashed twice gives two hashes', async () => {
  expect(await hashPassword('larks at five in the morning')).not.toBe(
    await hashPassword('larks at five in the morning'),
  )
})

test('composed and decomposed letters are the same password', async () => {
  expect(await passwordFits('caf\u0065\u0301 at the corner', await hashPassword('caf\u00e9 at the corner'))).toBe(true)
})

test('a reference hash made by the argon2 command-line tool verifies', async () => {
  // argon2 "somesalt" -id -t 2 -k 65536 -p 1 over "password", from the test vectors of the reference implementation.
  const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  expect(await passwordFits('password', reference)).toBe(true)
  expect(await passwordFits('Password', reference)).toBe(false)
})

test('a hash of another kind fits nothing', async () => {
  expect(await passwordFits('password', 'plain')).toBe(false)
})
