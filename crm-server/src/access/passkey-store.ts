import type { Pool } from 'pg'

/** A passkey (通行密钥) as its owner sees it in the list. */
export interface PasskeyRow {
  passkeyId: string
  name: string
  createdAt: Date
  lastUsedAt: Date | null
}

/** A passkey as the check of an answer needs it. */
export interface HeldPasskey {
  passkeyId: string
  userId: string
  credentialId: string
  publicKey: Buffer<ArrayBuffer>
  counter: number
}

/** The passkeys of an account, the oldest first. */
export async function passkeysOf(pool: Pool, userId: string): Promise<(PasskeyRow & { credentialId: string })[]> {
  const { rows } = await pool.query<PasskeyRow & { credentialId: string }>(
    `select "id" as "passkeyId", "credentialId", "name", "createdAt", "lastUsedAt" from auth."passkey"
     where "userId" = $1 order by "createdAt", "id"`,
    [userId],
  )
  return rows
}

/** The passkey of this credential, whosever it is; null when nobody registered it. */
export async function findPasskey(pool: Pool, credentialId: string): Promise<HeldPasskey | null> {
  const { rows } = await pool.query<HeldPasskey>(
    `select "id" as "passkeyId", "userId", "credentialId", "publicKey", "counter"::float8 as counter
     from auth."passkey" where "credentialId" = $1`,
    [credentialId],
  )
  return rows[0] ?? null
}

/** Keeps a passkey; false when its credential is somebody's already. */
export async function addPasskey(pool: Pool, passkey: HeldPasskey & { name: string }): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into auth."passkey" ("id", "userId", "credentialId", "publicKey", "counter", "name")
     values ($1, $2, $3, $4, $5, $6) on conflict ("credentialId") do nothing`,
    [passkey.passkeyId, passkey.userId, passkey.credentialId, passkey.publicKey, passkey.counter, passkey.name],
  )
  return rowCount === 1
}

/** Notes that a passkey opened something, and how often its device says that it was used. */
export async function notePasskeyUse(pool: Pool, passkeyId: string, counter: number): Promise<void> {
  await pool.query('update auth."passkey" set "counter" = $2, "lastUsedAt" = now() where "id" = $1', [
    passkeyId,
    counter,
  ])
}
