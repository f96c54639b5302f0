import { useQuery } from '@tanstack/preact-query'
import { useLocalText } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'

/** A clinic as the day board names it: by its id and its name in Chinese. */
interface NamedClinic {
  clinicId: string
  clinicName: string
}

/** Names clinics in the language of the page, as soon as the hospital's structure is known; till then as the board does. */
export function useClinicNames(): <Named extends NamedClinic>(list: readonly Named[]) => Named[] {
  const localText = useLocalText()
  const structure = useStructure()
  const names = new Map(structure.data?.clinics.map(({ clinicId, name }) => [clinicId, localText(name)]))
  return (list) => list.map((one) => ({ ...one, clinicName: names.get(one.clinicId) ?? one.clinicName }))
}

/** Where a clinic is, in the language of the page; null until the hospital's structure is known. */
export function useClinicPlace(clinicId: string): string | null {
  const localText = useLocalText()
  const clinic = useStructure().data?.clinics.find((known) => known.clinicId === clinicId)
  return clinic === undefined ? null : localText(clinic.place)
}

function useStructure() {
  const { client } = useServices()
  return useQuery({ queryKey: ['structure'], queryFn: () => client.tenant.structure() })
}
