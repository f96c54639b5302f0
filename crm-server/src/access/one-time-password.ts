import { randomInt } from 'node:crypto'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

// Without 0, 1, i, l, o, u: nothing that is misread from a slip. 30 symbols, 16 of them: 78 bits.
const symbols = '23456789abcdefghjkmnpqrstvwxyz'

/** A random password to be read out once, `mq7v-kt2a-9wre-x4hd`. */
export function drawOneTimePassword(): string {
  return drawGroups(4, 4)
}

/** Ten recovery codes to be printed and typed, `mq7vk-t2a9w`; 49 bits each, and used up after one sign-in. */
export function drawRecoveryCodes(): string[] {
  return Array.from({ length: 10 }, () => drawGroups(2, 5))
}

function drawGroups(count: number, length: number): string {
  const group = () => Array.from({ length }, () => symbols[randomInt(symbols.length)]).join('')
  return Array.from({ length: count }, group).join('-')
}

/** Keeps printable one-time passwords in files of mode 0600 until their owners have replaced them. */
export interface OneTimePasswordShelf {
  put(userId: string, password: string): Promise<void>
  /** Null when there is none. */
  get(userId: string): Promise<string | null>
  remove(userId: string): Promise<void>
}

/** The shelf in a folder, which is made when it is not there. */
export function oneTimePasswordShelf(folder: string): OneTimePasswordShelf {
  const pathOf = (userId: string) => join(folder, `one-time-password-${encodeURIComponent(userId)}`)
  return {
    async put(userId, password) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFile(pathOf(userId), `${password}\n`, { mode: 0o600 })
      await chmod(pathOf(userId), 0o600)
    },
    async get(userId) {
      try {
        return (await readFile(pathOf(userId), 'utf8')).trim() || null
      } catch (fault) {
        if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return null
        throw fault
      }
    },
    async remove(userId) {
      await rm(pathOf(userId), { force: true })
    },
  }
}
