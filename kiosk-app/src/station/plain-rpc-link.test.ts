import { createORPCClient, ORPCError, safe } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { oc } from '@orpc/contract'
import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/fetch'
import { afterEach, expect, test, vi } from 'vitest'
import { PlainRpcLink } from './plain-rpc-link.ts'

interface Asked {
  code: string
}

const contract = {
  desk: {
    view: oc.output(anything<{ open: boolean; names: string[]; nothing: null }>()),
    find: oc
      .errors({ unknown: { status: 404, message: 'Nobody', data: anything<{ triesLeft: number }>() } })
      .input(anything<Asked>())
      .output(anything<Asked>()),
    end: oc.output(anything<null>()),
  },
}

/** A schema that lets everything through: what is tested is the way, not the door. */
function anything<Value>() {
  return {
    '~standard': { version: 1 as const, vendor: 'test', validate: (value: unknown) => ({ value: value as Value }) },
  }
}

const os = implement(contract)
const handler = new RPCHandler(
  os.router({
    desk: {
      view: os.desk.view.handler(() => ({ open: true, names: ['云溪'], nothing: null })),
      find: os.desk.find.handler(({ input, errors }) => {
        if (input.code === 'fault') throw new Error('a bug')
        if (input.code === 'none') throw errors.unknown({ data: { triesLeft: 2 } })
        return input
      }),
      end: os.desk.end.handler(() => null),
    },
  }),
)
const client: ContractRouterClient<typeof contract> = createORPCClient(new PlainRpcLink('http://station/rpc'))

function answer(by: (request: Request) => Promise<Response>) {
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => by(new Request(url, init)))
}
async function served(request: Request): Promise<Response> {
  return (await handler.handle(request, { prefix: '/rpc' })).response ?? new Response('no such call', { status: 404 })
}
afterEach(() => vi.unstubAllGlobals())

test('answers of the real handler come as they were given, with and without an input', async () => {
  answer(served)
  expect(await client.desk.view()).toEqual({ open: true, names: ['云溪'], nothing: null })
  expect(await client.desk.find({ code: '123' })).toEqual({ code: '123' })
  expect(await client.desk.end()).toBeNull()
})

test('a refusal of the contract comes as one, with its data', async () => {
  answer(served)
  const { error, isDefined } = await safe(client.desk.find({ code: 'none' }))
  expect(isDefined).toBe(true)
  expect(error).toMatchObject({ code: 'unknown', status: 404, data: { triesLeft: 2 } })
})

test('a fault is no refusal', async () => {
  answer(served)
  const { error, isDefined } = await safe(client.desk.find({ code: 'fault' }))
  expect(isDefined).toBe(false)
  expect(error).toMatchObject({ status: 500 })
})

test('a page that was not launched is told by its status', async () => {
  answer(() => Promise.resolve(Response.json({ refusal: 'not-launched' }, { status: 401 })))
  const { error } = await safe(client.desk.view())
  expect(error).toBeInstanceOf(ORPCError)
  expect(error).toMatchObject({ status: 401 })
})

test.each([
  ['no JSON', () => new Response('<html>', { status: 200 })],
  ['a proxy’s page', () => new Response('bad gateway', { status: 502 })],
  ['an answer cut off', () => new Response('{"json":{"op', { status: 200 })],
  ['a refusal without its words', () => Response.json({ json: { code: 7, defined: true } }, { status: 404 })],
])('%s is neither an answer nor a refusal', async (_, response) => {
  answer(() => Promise.resolve(response()))
  const { isSuccess, isDefined } = await safe(client.desk.view())
  expect([isSuccess, isDefined]).toEqual([false, false])
})
