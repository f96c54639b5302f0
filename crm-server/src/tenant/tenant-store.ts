import type { ClinicRow, HospitalRow, SiteRow } from '@yizhan/contracts/tenant'
import type { Selectable } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import type { CentreTables } from '../postgres/tables.ts'
import type { TenantScope } from './tenant-scope.ts'

/** The hospital's own row; null when there is no such tenant. */
export async function findHospital(tx: TenantTx, tenantId: string): Promise<HospitalRow | null> {
  const row = await tx.selectFrom('tenant').selectAll().where('tenant_id', '=', tenantId).executeTakeFirst()
  if (row === undefined) return null
  return { tenantId: row.tenant_id, name: row.name, zone: row.zone, helpDesk: row.help_desk }
}

/** Every campus of the hospital, in the order the hospital gave them. */
export async function readSites(tx: TenantTx, tenantId: string): Promise<SiteRow[]> {
  const rows = await tx
    .selectFrom('site')
    .select(['site_id', 'name'])
    .where('tenant_id', '=', tenantId)
    .orderBy('position')
    .orderBy('site_id')
    .execute()
  return rows.map((row) => ({ siteId: row.site_id, name: row.name }))
}

/** Every clinic of the hospital, in the order the hospital gave them. */
export async function readClinics(tx: TenantTx, tenantId: string): Promise<ClinicRow[]> {
  const rows = await tx
    .selectFrom('clinic')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .orderBy('position')
    .orderBy('clinic_id')
    .execute()
  return rows.map(clinicRowOf)
}

/** One clinic of the hospital. */
export async function readClinic(tx: TenantTx, tenantId: string, clinicId: string): Promise<ClinicRow | null> {
  const row = await tx
    .selectFrom('clinic')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('clinic_id', '=', clinicId)
    .executeTakeFirst()
  return row === undefined ? null : clinicRowOf(row)
}

function clinicRowOf(row: Selectable<CentreTables['clinic']>): ClinicRow {
  return {
    clinicId: row.clinic_id,
    siteId: row.site_id,
    name: row.name,
    place: row.place,
    queueLetter: row.queue_letter,
    opensBeforeMin: row.opens_before_min,
    lateAfterMin: row.late_after_min,
    closesAfterMin: row.closes_after_min,
    minutesPerPatient: row.minutes_per_patient,
  }
}

/** Writes a hospital with its directory entry; a second time its texts are brought up to date. */
export async function writeHospital(scope: TenantScope, hospital: HospitalRow): Promise<void> {
  const texts = {
    name: JSON.stringify(hospital.name),
    help_desk: JSON.stringify(hospital.helpDesk),
    zone: hospital.zone,
  }
  await scope.tx
    .insertInto('tenant_directory')
    .values({ tenant_id: scope.tenantId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await scope.tx
    .insertInto('tenant')
    .values({ tenant_id: scope.tenantId, ...texts, created_at: new Date(scope.nowMs) })
    .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(texts))
    .execute()
}

/** Writes a campus; a second time its texts are brought up to date. */
export async function writeSite(scope: TenantScope, site: SiteRow, position: number): Promise<void> {
  const texts = { name: JSON.stringify(site.name), position }
  await scope.tx
    .insertInto('site')
    .values({ tenant_id: scope.tenantId, site_id: site.siteId, ...texts })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'site_id']).doUpdateSet(texts))
    .execute()
}

/** Writes a clinic; a second time its texts and rules are brought up to date. */
export async function writeClinic(scope: TenantScope, clinic: ClinicRow, position: number): Promise<void> {
  const rules = {
    site_id: clinic.siteId,
    name: JSON.stringify(clinic.name),
    place: JSON.stringify(clinic.place),
    queue_letter: clinic.queueLetter,
    opens_before_min: clinic.opensBeforeMin,
    late_after_min: clinic.lateAfterMin,
    closes_after_min: clinic.closesAfterMin,
    minutes_per_patient: clinic.minutesPerPatient,
    position,
  }
  await scope.tx
    .insertInto('clinic')
    .values({ tenant_id: scope.tenantId, clinic_id: clinic.clinicId, ...rules })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'clinic_id']).doUpdateSet(rules))
    .execute()
}
