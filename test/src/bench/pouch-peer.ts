import { join } from 'node:path'
import { loadPeer } from './peer-packages.ts'

/** What the bench uses of a PouchDB database. */
export interface PouchDatabase {
  bulkDocs(docs: readonly object[]): Promise<unknown>
  replicate: { to(url: string, options: { batch_size: number }): Promise<{ docs_written: number }> }
  close(): Promise<void>
}

/** PouchDB's class: opens a database by its name, or a remote one by its address. */
export interface PouchClass {
  new (name: string): PouchDatabase
  plugin(plugin: unknown): PouchClass
  defaults(options: { prefix: string; adapter?: string }): PouchClass
}

/** PouchDB over LevelDB in a folder, able to replicate over HTTP; its own settings, nothing added. */
export async function openPouch(folder: string): Promise<PouchClass> {
  const { default: core } = await loadPeer<{ default: PouchClass }>('pouchdb-core')
  let open = core
  for (const name of ['pouchdb-adapter-leveldb', 'pouchdb-adapter-http', 'pouchdb-replication']) {
    open = open.plugin((await loadPeer<{ default: unknown }>(name)).default)
  }
  return open.defaults({ prefix: join(folder, '/') })
}
