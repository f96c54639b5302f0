import { loadPcscAddon } from './addon-module.ts'

/** Why the native package cannot be used here, or undefined when it can. */
export async function whyNoAddon(): Promise<string | undefined> {
  try {
    await loadPcscAddon()
    return undefined
  } catch (error) {
    if (error instanceof Error) return 'pcsclite is not compiled'
    throw error
  }
}
