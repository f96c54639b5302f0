import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Centre, createCentre } from '@yizhan/crm-server/create-centre'
import { patienceMs } from '@yizhan/device-drivers/device/test-patience'
import pg from 'pg'
import { pino } from 'pino'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const browserPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const ownPassword = 'larks at five in the morning'

interface PageWorld {
  navigator: {
    credentials: Record<'create' | 'get', (asked: { publicKey: unknown }) => Promise<{ toJSON(): unknown }>>
  }
  PublicKeyCredential: Record<
    'parseCreationOptionsFromJSON' | 'parseRequestOptionsFromJSON',
    (text: unknown) => unknown
  >
}

/**
 * Passkeys as a real browser makes and uses them, with an authenticator that Chromium plays: the centre judges what comes.
 * Each test goes on where the one before it ended.
 */
describe.skipIf(!existsSync(browserPath))('passkeys in a browser', () => {
  let dataDir: string
  let centre: Centre
  let database: pg.Client
  let browser: Browser
  let page: Page
  let devices: CDPSession
  let authenticatorId: string
  let origin: string
  let lastAnswer = ''

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'yizhan-passkey-'))
    centre = await createCentre({ port: 0, host: '127.0.0.1', dataDir, demo: {}, log: pino({ level: 'silent' }) })
    origin = `http://localhost:${new URL(centre.url).port}`
    database = new pg.Client({ connectionString: centre.database.migratorUrl })
    await database.connect()
    browser = await chromium.launch({
      executablePath: browserPath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    })
    // The address of the health check shows a page that may send nothing; the console's own may.
    const context = await browser.newContext({ bypassCSP: true })
    page = await context.newPage()
    await page.goto(`${origin}/health/live`)
    devices = await context.newCDPSession(page)
    await devices.send('WebAuthn.enable')
    const added = await devices.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    authenticatorId = added.authenticatorId
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await database?.end()
    await centre?.stop()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })

  const post = async (path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> =>
    await page.evaluate(
      async ([address, text]) => {
        const response = await fetch(address, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: text,
        })
        return { status: response.status, body: (await response.json()) as Record<string, unknown> }
      },
      [`/auth${path}`, JSON.stringify(body)] as const,
    )
  const call = async (name: string, input?: object) => {
    const text = input === undefined ? '{}' : JSON.stringify({ json: input })
    return await page.evaluate(
      async ([address, body]) => {
        const response = await fetch(address, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        })
        const { json } = (await response.json()) as { json: Record<string, unknown> }
        return { status: response.status, body: json }
      },
      [`/rpc/${name.replace('.', '/')}`, text] as const,
    )
  }
  /** What the browser makes of the centre's options: a new passkey, or the use of one. */
  const inBrowser = async (what: 'create' | 'get', options: unknown): Promise<string> => {
    lastAnswer = await page.evaluate(
      async ([kind, text]) => {
        const asked = JSON.parse(text)
        // Of the page's own world, which the tests' types know nothing of.
        const { navigator, PublicKeyCredential } = globalThis as unknown as PageWorld
        const credential =
          kind === 'create'
            ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
            : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) })
        return JSON.stringify(credential.toJSON())
      },
      [what, JSON.stringify(options)] as const,
    )
    return lastAnswer
  }
  const usePasskey = async (path: string) => {
    const options = (await post('/passkey/challenge', {})).body
    return await post(path, { answer: await inBrowser('get', options) })
  }
  const provedLongAgo = () =>
    database.query(`update auth."session" set "factorProvedAt" = now() - interval '11 minutes'`)

  test('the first administrator adds a passkey as the second factor, with the password', {
    timeout: patienceMs * 4,
  }, async () => {
    const keys = join(dataDir, 'keys')
    const file = (await readdir(keys)).find((name) => name.startsWith('one-time-password-')) ?? ''
    const oneTime = (await readFile(join(keys, file), 'utf8')).trim()
    const { rows } = await database.query<{ email: string }>('select "email" from auth."user"')
    const email = rows[0]?.email ?? ''
    expect((await post('/sign-in/email', { email, password: oneTime })).status).toBe(200)
    expect((await call('access.setOwnPassword', { currentPassword: oneTime, newPassword: ownPassword })).status).toBe(
      200,
    )
    expect((await call('access.whoAmI')).body['duties']).toEqual(['set-up-second-factor'])
    expect((await post('/passkey/registration-options', {})).status).toBe(401)
    const begun = await post('/passkey/registration-options', { password: ownPassword })
    expect(begun.status).toBe(200)
    const answer = await inBrowser('create', begun.body)
    expect((await post('/passkey/register', { name: '办公室电脑', answer })).status).toBe(200)
    expect((await call('access.whoAmI')).body['duties']).toEqual([])
    expect((await post('/passkey/register', { name: '再来一次', answer })).status).toBe(401)
    expect((await call('access.ownAccount')).body['passkeys']).toMatchObject([{ name: '办公室电脑' }])
  })

  test('after the password the passkey is asked for before anything else', { timeout: patienceMs * 4 }, async () => {
    const { rows } = await database.query<{ email: string }>('select "email" from auth."user"')
    await post('/sign-out', {})
    expect((await post('/sign-in/email', { email: rows[0]?.email ?? '', password: ownPassword })).status).toBe(200)
    expect((await call('access.whoAmI')).body['duties']).toEqual(['prove-second-factor'])
    expect((await call('account.list')).status).toBe(403)
    expect((await usePasskey('/prove-again')).status).toBe(200)
    expect((await call('access.whoAmI')).body['duties']).toEqual([])
    expect((await call('account.list')).status).toBe(200)
  })

  test('a passkey alone signs in, and its answer counts once', { timeout: patienceMs * 4 }, async () => {
    await post('/sign-out', {})
    expect((await call('access.whoAmI')).status).toBe(401)
    expect((await usePasskey('/passkey/sign-in')).status).toBe(200)
    expect((await call('access.whoAmI')).body['duties']).toEqual([])
    await post('/sign-out', {})
    expect((await post('/passkey/sign-in', { answer: lastAnswer })).status).toBe(401)
    expect((await call('access.whoAmI')).status).toBe(401)
  })

  test('an answer to another challenge, of another site, or without its signature is refused', {
    timeout: patienceMs * 4,
  }, async () => {
    const answer = JSON.parse(lastAnswer)
    const clientData = JSON.parse(Buffer.from(answer.response.clientDataJSON, 'base64url').toString())
    const { challenge } = (await post('/passkey/challenge', {})).body
    for (const part of [{ challenge }, { challenge, origin: 'https://elsewhere.example' }, { challenge: 'AAAA' }]) {
      const forged = Buffer.from(JSON.stringify({ ...clientData, ...part })).toString('base64url')
      const sent = { ...answer, response: { ...answer.response, clientDataJSON: forged } }
      expect((await post('/passkey/sign-in', { answer: JSON.stringify(sent) })).status).toBe(401)
    }
    for (const text of ['{}', 'null', '[', JSON.stringify({ ...answer, id: 'AAAA' })]) {
      expect((await post('/passkey/sign-in', { answer: text })).status).toBe(401)
    }
    expect((await call('access.whoAmI')).status).toBe(401)
  })

  test('a deed of weight asks for the passkey again when it was proved long ago', {
    timeout: patienceMs * 4,
  }, async () => {
    await usePasskey('/passkey/sign-in')
    await provedLongAgo()
    const { rows } = await database.query<{ id: string }>('select "id" from auth."passkey"')
    const passkeyId = rows[0]?.id
    expect((await call('access.removePasskey', { passkeyId })).body).toMatchObject({ code: 'step-up-needed' })
    expect((await usePasskey('/prove-again')).status).toBe(200)
    expect((await call('access.removePasskey', { passkeyId })).status).toBe(200)
    expect((await call('access.whoAmI')).body['duties']).toEqual(['set-up-second-factor'])
    await post('/sign-out', {})
    expect((await usePasskey('/passkey/sign-in')).status).toBe(401)
  })

  test('a device that does not check who holds it makes no passkey', { timeout: patienceMs * 4 }, async () => {
    await devices.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
    const options = (await post('/passkey/challenge', {})).body
    await expect(inBrowser('get', options)).rejects.toThrow()
  })
})
