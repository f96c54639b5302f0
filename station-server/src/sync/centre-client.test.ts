import { createHash, generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CentreClient, createCentreClient } from './centre-client.ts'

const wanted = { blockId: 'block', clinicId: 'clinic', day: '2026-11-22', count: 60 }
const block = (first: number) => JSON.stringify({ json: { ...wanted, first, last: 90 } })
const heard: boolean[] = []
let server: Server
let centre: CentreClient
let answer: { body: string; digestOf: string | null }

beforeEach(async () => {
  heard.splice(0)
  server = createServer((request, response) => {
    request.resume()
    const digest = answer.digestOf === null ? null : createHash('sha256').update(answer.digestOf).digest('base64')
    response.writeHead(200, {
      'content-type': 'application/json',
      ...(digest === null ? {} : { 'content-digest': `sha-256=:${digest}:` }),
    })
    response.end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address === null || typeof address === 'string' ? 0 : address.port
  let counter = 0
  centre = createCentreClient({
    centreUrl: `http://127.0.0.1:${port}`,
    tenantId: 'tenant',
    stationId: 'station',
    signingKey: () => generateKeyPairSync('ed25519').privateKey,
    now: Date.now,
    nextCounter: async () => ++counter,
    onReachable: (reachable) => heard.push(reachable),
    onStanding: () => undefined,
    onReplayed: () => undefined,
    stopping: new AbortController().signal,
  })
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

test('an answer whose digest fits is believed', async () => {
  answer = { body: block(12), digestOf: block(12) }
  expect(await centre.leaseNumbers(wanted)).toMatchObject({ first: 12 })
  expect(heard).toEqual([true])
})

test('an answer in which a bit has turned counts as none', async () => {
  answer = { body: block(13), digestOf: block(12) }
  await expect(centre.leaseNumbers(wanted)).rejects.toThrow('damaged')
  expect(heard).toEqual([false])
})

test('an answer without a digest, such as the page of something between, counts as none', async () => {
  answer = { body: block(12), digestOf: null }
  await expect(centre.leaseNumbers(wanted)).rejects.toThrow('damaged')
})
