import { request } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ControlPort, startControlPort } from './control-port.ts'

const heard: unknown[] = []
let control: ControlPort

beforeAll(async () => {
  control = await startControlPort({
    port: 0,
    verbs: {
      press: (args) => {
        if (args !== 1) return { refusal: 'score-unknown' }
        heard.push(args)
        return undefined
      },
      count: () => heard.length,
    },
    state: () => ({ presses: heard.length }),
    journal: async () => heard,
  })
})

afterAll(() => control.stop())

function post(path: string, body: string, type = 'application/json'): Promise<Response> {
  return fetch(`http://127.0.0.1:${control.port}${path}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  })
}

async function read(path: string): Promise<unknown> {
  return (await fetch(`http://127.0.0.1:${control.port}${path}`)).json()
}

/** Asks with a Host of one's own choice, which fetch does not allow. */
function statusWithHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(`http://127.0.0.1:${control.port}/state`, { headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    asked.on('error', reject)
    asked.end()
  })
}

test('a verb acts, and the state and the journal show it', async () => {
  const answer = await post('/control/press', '1')
  expect([answer.status, await answer.json()]).toEqual([200, { done: true }])
  expect(await (await post('/control/count', '{}')).json()).toEqual({ done: true, result: 1 })
  expect(await read('/state')).toEqual({ presses: 1 })
  expect(await read('/journal')).toEqual([1])
})

test('arguments that make no sense are refused by a word and do nothing', async () => {
  const before = heard.length
  for (const body of ['2', 'no json', '']) {
    const answer = await post('/control/press', body)
    expect([answer.status, await answer.json()]).toEqual([422, { refusal: 'score-unknown' }])
  }
  expect(heard).toHaveLength(before)
})

test('an unknown verb is told which there are, an inherited one is unknown', async () => {
  const answer = await post('/control/toString', '{}')
  expect([answer.status, await answer.json()]).toEqual([404, { refusal: 'verb-unknown', verbs: ['press', 'count'] }])
})

test('another name for this machine, and a form, can do nothing', async () => {
  expect(await statusWithHost('sim.example:80')).toBe(421)
  expect(await statusWithHost(`127.0.0.1:${control.port + 1}`)).toBe(421)
  expect((await post('/control/press', '1', 'text/plain')).status).toBe(415)
})

test('no body whatever makes it fail', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string(), fc.constant('x'.repeat(70_000))), async (body) => {
      expect((await post('/control/press', body)).status).toBeLessThan(500)
    }),
    { numRuns: 60 },
  )
})
