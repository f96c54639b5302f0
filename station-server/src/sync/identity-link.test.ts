import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { trustedOrder } from './identity-link.ts'

const centre = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519')
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' }).toString('base64')
const order = {
  order: 'wipe',
  orderId: '01985f00-0000-7000-8000-000000000101',
  tenantId: '01985f00-0000-7000-8000-000000000001',
  stationId: '01985f00-0000-7000-8000-000000000002',
  uploadFirst: true,
  issuedAt: 1_000,
}
const signed = (by: KeyObject, text = JSON.stringify(order)) => ({
  text,
  signature: sign(null, Buffer.from(text), by).toString('base64'),
})

test('an order bears the signature of the key that the station keeps, over this very text', () => {
  const key = spki(centre.publicKey)
  expect(trustedOrder(signed(centre.privateKey), key)).toEqual(order)
  expect(trustedOrder(signed(stranger.privateKey), key)).toBeNull()
  const { text, signature } = signed(centre.privateKey)
  expect(trustedOrder({ text: text.replace('000002', '000003'), signature }, key)).toBeNull()
  expect(trustedOrder(signed(centre.privateKey), null)).toBeNull()
})
