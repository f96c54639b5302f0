/** Which of several hospitals this tab shows; another tab may show another one. */
export interface HospitalChoice {
  /** Null for the one that the person joined first. */
  chosen(): string | null
  choose(tenantId: string): void
}

const key = 'yizhan-hospital'

/** The choice as the tab remembers it. A choice starts the page anew: nothing of the one hospital stays beside the other. */
export function rememberedHospital(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  startAnew: () => void,
): HospitalChoice {
  return {
    chosen: () => storage.getItem(key),
    choose(tenantId) {
      storage.setItem(key, tenantId)
      startAnew()
    },
  }
}
