import { openStationMemory } from '@yizhan/station-server/fixture/station-memory'
import type { Sql } from '@yizhan/station-server/storage/sql'
import type { StationDb } from '@yizhan/station-server/storage/station-db'
import type { Chance } from './chance.ts'

interface Unit {
  work: (sql: Sql) => unknown
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

/**
 * The disk of a simulated station: a real database in memory under the real migrations. A write waits until the disk takes it,
 * in order; what waits when the process dies is either lost or durable without an answer, as chance has it. With
 * `answersEarly` it answers before it is durable, which no disk of ours may do.
 */
export class SimulatedDisk {
  readonly #chance: Chance
  readonly #answersEarly: boolean
  #waiting: Unit[] = []
  #sql: Sql
  /** What a power cut leaves, where the disk answers early. */
  #durable: Buffer | null = null
  #unsynced = 0

  constructor(chance: Chance, answersEarly: boolean) {
    this.#chance = chance
    this.#answersEarly = answersEarly
    this.#sql = this.#open(null)
  }

  /** The database as it is; for reading, and for whoever runs in the one process that has it open. */
  get sql(): Sql {
    return this.#sql
  }

  /** How many writes wait for the disk. */
  get waiting(): number {
    return this.#waiting.length + this.#unsynced
  }

  /** The database for a process that starts; what an earlier one still waited for, nobody hears of. */
  asDatabase(): StationDb {
    const sql = this.#sql
    return {
      sql,
      transact: (work) => this.#write(work),
      isFull: () => false,
      close: async () => undefined,
    }
  }

  /** Makes durable what waits, and answers. */
  sync(): void {
    const units = this.#waiting.splice(0)
    for (const unit of units) commit(this.#sql, unit)
    this.#unsynced = 0
    this.#durable = null
  }

  /** The process dies: of what waits, the first few become durable, and nobody is told. */
  crash(): void {
    const kept = this.#chance.below(this.#waiting.length + 1)
    const units = this.#waiting.splice(0)
    for (const { work } of units.slice(0, kept)) {
      commit(this.#sql, { work, resolve: () => undefined, reject: () => undefined })
    }
    this.#reopen(this.#durable ?? this.#sql.serialize())
  }

  /** A copy of the disk as it is now. */
  image(): Buffer {
    return this.#durable ?? this.#sql.serialize()
  }

  /** Puts an earlier image in the place of everything written since. */
  putBack(image: Buffer): void {
    this.#waiting = []
    this.#reopen(image)
  }

  close(): void {
    this.#sql.close()
  }

  #reopen(image: Buffer): void {
    this.#sql.close()
    this.#durable = null
    this.#unsynced = 0
    this.#sql = this.#open(image)
  }

  #open(image: Buffer | null): Sql {
    return openStationMemory(image, (count) => this.#chance.bytes(count))
  }

  #write<T>(work: (sql: Sql) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const unit: Unit = { work, resolve: (value) => resolve(value as T), reject }
      if (!this.#answersEarly) {
        this.#waiting.push(unit)
        return
      }
      this.#durable ??= this.#sql.serialize()
      this.#unsynced += 1
      commit(this.#sql, unit)
    })
  }
}

function commit(sql: Sql, { work, resolve, reject }: Unit): void {
  try {
    resolve(sql.transaction(() => work(sql)).immediate())
  } catch (error) {
    reject(error)
  }
}
