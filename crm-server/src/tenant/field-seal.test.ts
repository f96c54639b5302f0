import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blindIndex, type FieldPlace, openBytes, SealBroken, sealBytes } from './field-seal.ts'

const key = randomBytes(32)
const numbered = { keyId: 3, key }
const keyOf = (keyId: number) => (keyId === 3 ? key : undefined)
const openField = (at: FieldPlace, sealed: Buffer) => openBytes(keyOf, at, sealed).toString('utf8')
const place: FieldPlace = { tenantId: 't', table: 'booking', column: 'phone', rowId: 'r' }

test('every text comes back as it went in, and two seals of it never look alike', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const [one, two] = [sealBytes(numbered, place, Buffer.from(text)), sealBytes(numbered, place, Buffer.from(text))]
      expect(openField(place, one)).toBe(text)
      expect(one.equals(two)).toBe(false)
    }),
  )
})

test('a sealed value opens at no other row, column, table or tenant, and not when one bit of it is changed', () => {
  const sealed = sealBytes(numbered, place, Buffer.from('13800001234'))
  const elsewhere: Partial<FieldPlace>[] = [{ tenantId: 'u' }, { table: 'x' }, { column: 'birth_date' }, { rowId: 's' }]
  for (const change of elsewhere) expect(() => openField({ ...place, ...change }, sealed)).toThrow(SealBroken)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: sealed.length * 8 - 1 }), (bit) => {
      const changed = Buffer.from(sealed)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(() => openField(place, changed)).toThrow(SealBroken)
    }),
  )
})

test('the blind index finds equal values of one tenant and tells nothing across tenants or fields', () => {
  const index = blindIndex(key, 't', 'person', 'a')
  expect(blindIndex(key, 't', 'person', 'a')).toEqual(index)
  for (const other of [
    blindIndex(key, 'u', 'person', 'a'),
    blindIndex(key, 't', 'x', 'a'),
    blindIndex(key, 't', 'person', 'b'),
  ]) {
    expect(other.equals(index)).toBe(false)
  }
})

test('a value of a key that is gone, and bytes that are no sealed value, are told apart from a fault of ours', () => {
  expect(() => openField(place, sealBytes({ keyId: 4, key }, place, Buffer.from('x')))).toThrow(SealBroken)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(() => openField(place, Buffer.from(bytes))).toThrow(SealBroken)
    }),
  )
})
