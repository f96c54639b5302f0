import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { demoStructure, demoTenantId } from '@yizhan/crm-server/demo/demo-hospital'
import { addHospital, hospitalOfTwoSites } from '@yizhan/crm-server/fixture/hospital-fixture'
import { enrolStation } from '@yizhan/crm-server/fleet/fleet'
import { type CentreDb, openDatabase } from '@yizhan/crm-server/postgres/database'
import type { HospitalStructure } from '@yizhan/crm-server/tenant/tenant'
import { loadOrMakeIdentity, publicIdentity } from '@yizhan/station-server/identity/station-identity'

/** A station that the centre knows: the folder of its identity, and whose it is. */
export interface EnrolledStation {
  folder: string
  stationId: string
  tenantId: string
}

/** A hospital has a letter for each of its stations, and 24 letters. */
const stationsPerHospital = 20
const letters = 'ABCDEFGHJKLMNPQRSTUV'

/** Makes so many stations and enrols them, twenty to a hospital; the first are the fictional hospital's. */
export async function enrolFleet(appUrl: string, folder: string, stations: number): Promise<EnrolledStation[]> {
  const { db, close } = openDatabase(appUrl, { maxConnections: 4, onIdleError: () => undefined })
  try {
    const enrolled: EnrolledStation[] = []
    while (enrolled.length < stations) {
      const first = enrolled.length === 0
      const structure = first ? demoStructure : hospitalOfTwoSites()
      if (!first) await addHospital(db, structure)
      const wanted = Math.min(stationsPerHospital, stations - enrolled.length)
      for (const letter of letters.slice(0, wanted)) {
        enrolled.push(await enrolOne(db, structure, letter, join(folder, `station-${enrolled.length}`)))
      }
    }
    return enrolled
  } finally {
    await close()
  }
}

/** Whether a station is of the hospital whose administrator looks on. */
export function isWatched({ tenantId }: EnrolledStation): boolean {
  return tenantId === demoTenantId
}

async function enrolOne(
  db: CentreDb,
  { hospital, sites }: HospitalStructure,
  letter: string,
  folder: string,
): Promise<EnrolledStation> {
  const { tenantId } = hospital
  const { stationId, publicKey } = publicIdentity(loadOrMakeIdentity(folder, Date.now))
  const outcome = await enrolStation(
    db,
    { tenantId, nowMs: Date.now(), actor: { kind: 'system', id: 'bench', requestId: 'bench' } },
    {
      operationId: randomUUID(),
      stationId,
      publicKey,
      letter,
      siteId: sites[0]?.siteId ?? '',
      name: { 'zh-CN': `试验机 ${letter}`, en: `Trial kiosk ${letter}` },
    },
  )
  if (!outcome.ok) throw new Error(`a station of the bench was refused: ${outcome.error}`)
  return { folder, stationId, tenantId }
}
