import { setTimeout as sleep } from 'node:timers/promises'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { CentreFixture } from '@yizhan/crm-server/fixture/centre-fixture'
import { oneTimeCode } from '../journey/one-time-code.ts'

/** An administrator who is signed in and looks at the day's board. */
export interface BoardWatcher {
  client: CentreFixture['staff']
  /** Asks for the board again and again, and answers how long each answer took, in milliseconds. */
  watch(until: Promise<unknown>): Promise<number[]>
}

const ownPassword = 'drei-kraniche-am-teich'
/** Four people who look for somebody. */
const pauseMs = 25

/** Signs in with the one-time password and does both duties that come with it. */
export async function signInToBoard(
  url: string,
  { email, oneTimePassword }: { email: string; oneTimePassword: string },
): Promise<BoardWatcher> {
  const jar = new Map<string, string>()
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const post = async (path: string, body: object): Promise<Response> => {
    const answer = await fetch(`${url}/auth${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, cookie: cookie() },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`signing in: ${path} answered ${answer.status}`)
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    return answer
  }
  const client: BoardWatcher['client'] = createORPCClient(
    new RPCLink({ url: `${url}/rpc`, headers: () => ({ cookie: cookie(), origin: url }) }),
  )
  await post('/sign-in/email', { email, password: oneTimePassword })
  await client.access.setOwnPassword({ currentPassword: oneTimePassword, newPassword: ownPassword })
  const { totpURI } = (await (await post('/two-factor/enable', { password: ownPassword })).json()) as {
    totpURI: string
  }
  const secret = new URL(totpURI).searchParams.get('secret') ?? ''
  await post('/two-factor/verify-totp', { code: oneTimeCode(secret, Date.now()) })
  return { client, watch: (until) => watchBoard(client, until) }
}

async function watchBoard(client: BoardWatcher['client'], until: Promise<unknown>): Promise<number[]> {
  let over = false
  const ended = until.finally(() => {
    over = true
  })
  const times: number[] = []
  while (!over) {
    const askedAt = performance.now()
    await client.appointment.day({})
    times.push(performance.now() - askedAt)
    await sleep(pauseMs)
  }
  await ended
  return times
}
