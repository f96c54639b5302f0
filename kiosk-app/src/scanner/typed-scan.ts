import { outcomeOf, type StationClient } from '../station/station-client.ts'

/**
 * Hands a code that the page heard to the station and forgets it; the station answers with the same push as after a scan
 * by its own scanner. `refused` is called when the station does not take it.
 */
export async function takeTypedScan(client: StationClient, text: string, refused: () => void): Promise<void> {
  const outcome = await outcomeOf(client.checkIn.scanned({ text }))
  if (outcome.kind !== 'answer') refused()
}
