/** Beside a centre's own program: answers each message with the memory that is left after a full collection of garbage. */
process.on('message', () => {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  process.send?.({ usedBytes: heapUsed + external, residentBytes: rss })
})
