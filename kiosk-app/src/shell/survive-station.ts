/** Keeps the shell at hand for the time in which the station is away; a browser without workers does without. */
export async function surviveStation(container: ServiceWorkerContainer | undefined): Promise<void> {
  await container?.register('/service-worker.js')
}
