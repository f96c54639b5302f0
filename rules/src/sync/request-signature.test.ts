import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseSignatureInput, type SignedRequest, signatureBase, signatureInput } from './request-signature.ts'

const request: SignedRequest = {
  method: 'POST',
  path: '/sync/v1/upload',
  contentDigest: 'sha-256=:AAAA:',
  counter: 7,
  createdS: 1_795_000_000,
  tenantId: '01890000-0000-7000-8000-000000000001',
  stationId: '01890000-0000-7000-8000-000000000002',
}

test('the input header reads back as it was written', () => {
  const { createdS, tenantId, stationId } = request
  expect(parseSignatureInput(signatureInput(request))).toEqual({ createdS, tenantId, stationId })
})

test('every part of the request changes the signed text', () => {
  const changes: Partial<SignedRequest>[] = [
    { method: 'GET' },
    { path: '/sync/v1/pull' },
    { contentDigest: 'sha-256=:BBBB:' },
    { counter: 8 },
    { createdS: 1 },
    { tenantId: request.stationId },
    { stationId: request.tenantId },
  ]
  const texts = changes.map((change) => signatureBase({ ...request, ...change }))
  expect(new Set([...texts, signatureBase(request)]).size).toBe(changes.length + 1)
})

test('any other header is refused without a throw', () => {
  fc.assert(fc.property(fc.string(), (header) => parseSignatureInput(header) === null))
  expect(parseSignatureInput(signatureInput(request).replace('"content-digest" ', ''))).toBeNull()
})
