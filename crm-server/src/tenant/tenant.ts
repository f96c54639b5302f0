import type { ClinicRow, HospitalRow, SiteRow } from '@yizhan/contracts/tenant'
import { tenantOf, type Who } from '../access/reach.ts'
import { recordAudit } from '../audit/audit.ts'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import { noteFeedChange } from '../sync/feed-change.ts'
import type { TenantScope } from './tenant-scope.ts'
import {
  findHospital,
  readClinic,
  readClinics,
  readSites,
  writeClinic,
  writeHospital,
  writeSite,
} from './tenant-store.ts'

/** A hospital with its sites and clinics. */
export interface HospitalStructure {
  hospital: HospitalRow
  sites: SiteRow[]
  clinics: ClinicRow[]
}

/** The hospital of a transaction. Throws when the tenant does not exist: whoever asks has already been let in. */
export async function hospitalOf(tx: TenantTx, tenantId: string): Promise<HospitalRow> {
  const hospital = await findHospital(tx, tenantId)
  if (hospital === null) throw new Error('no such tenant')
  return hospital
}

/** Name and zone of a hospital; null when there is none under this id. */
export async function lookUpHospital(db: CentreDb, tenantId: string): Promise<HospitalRow | null> {
  return await inTenant(db, tenantId, (tx) => findHospital(tx, tenantId))
}

/** Every campus of the hospital, in the hospital's own order. */
export function sitesOf(tx: TenantTx, tenantId: string): Promise<SiteRow[]> {
  return readSites(tx, tenantId)
}

/** Every clinic of the hospital, in the hospital's own order. */
export function clinicsOf(tx: TenantTx, tenantId: string): Promise<ClinicRow[]> {
  return readClinics(tx, tenantId)
}

/** One clinic of the hospital; null when it has none under this id. */
export function clinicOf(tx: TenantTx, tenantId: string, clinicId: string): Promise<ClinicRow | null> {
  return readClinic(tx, tenantId, clinicId)
}

/** The hospital with its sites and clinics, as one picture of one moment. */
export async function readStructure(db: CentreDb, who: Who): Promise<HospitalStructure> {
  const tenantId = tenantOf(who)
  return await inTenant(db, who, async (tx) => ({
    hospital: await hospitalOf(tx, tenantId),
    sites: await readSites(tx, tenantId),
    clinics: await readClinics(tx, tenantId),
  }))
}

/** Brings a hospital's structure to what is given and tells its stations. Nothing is ever removed by it. */
export async function writeStructure(scope: TenantScope, structure: HospitalStructure): Promise<void> {
  await writeHospital(scope, structure.hospital)
  for (const [position, site] of structure.sites.entries()) await writeSite(scope, site, position)
  for (const [position, clinic] of structure.clinics.entries()) await writeClinic(scope, clinic, position)
  await noteFeedChange(scope, [
    { kind: 'hospital', key: scope.tenantId },
    ...structure.sites.map(({ siteId }) => ({ kind: 'site' as const, key: siteId })),
    ...structure.clinics.map(({ clinicId }) => ({ kind: 'clinic' as const, key: clinicId })),
  ])
  await recordAudit(scope, { action: 'structure-written', objectKind: 'tenant', objectId: scope.tenantId })
}
