import fc from 'fast-check'
import { expect, test } from 'vitest'
import { peerAddress } from './peer-address.ts'

const proxies = ['10.0.0.2', '10.0.0.3']

test.each([
  ['203.0.113.7', '198.51.100.1', [], '203.0.113.7'],
  ['203.0.113.7', '198.51.100.1', proxies, '203.0.113.7'],
  ['10.0.0.2', '198.51.100.1', proxies, '198.51.100.1'],
  ['::ffff:10.0.0.2', '198.51.100.1', proxies, '198.51.100.1'],
  ['10.0.0.2', '1.1.1.1, 198.51.100.1', proxies, '198.51.100.1'],
  ['10.0.0.2', '1.1.1.1, 198.51.100.1, 10.0.0.3', proxies, '198.51.100.1'],
  ['10.0.0.2', '1.1.1.1, made up, 10.0.0.3', proxies, '10.0.0.2'],
  ['10.0.0.2', '2001:DB8::1', proxies, '2001:db8::1'],
  ['10.0.0.2', '', proxies, '10.0.0.2'],
  ['10.0.0.2', undefined, proxies, '10.0.0.2'],
  ['10.0.0.2', '10.0.0.3, 10.0.0.2', proxies, '10.0.0.2'],
  [undefined, '198.51.100.1', proxies, undefined],
])('a connection of %s that forwards %j with %j trusted comes from %s', (connection, forwarded, trusted, comesFrom) => {
  expect(peerAddress(connection, forwarded, trusted)).toBe(comesFrom)
})

test('whatever a stranger writes before it, the address that our own proxy wrote counts', () => {
  fc.assert(
    fc.property(fc.string(), fc.ipV4(), (written, seen) => {
      fc.pre(!proxies.includes(seen))
      expect(peerAddress('10.0.0.2', `${written}, ${seen}`, proxies)).toBe(seen)
    }),
  )
})
