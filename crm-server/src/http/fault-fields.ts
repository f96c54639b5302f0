/** What the log may know of a fault: kind, code and place. Messages are left out, for they quote what people typed. */
export function faultFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { fault: typeof error }
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const known = ['code', 'constraint', 'table', 'schema', 'routine'].flatMap((name) => {
    const value = Reflect.get(error, name)
    return typeof value === 'string' ? [[name, value]] : []
  })
  const cause = error.cause === undefined ? {} : { cause: faultFields(error.cause) }
  return {
    fault: error.name,
    ...Object.fromEntries(known),
    at: places.slice(0, 8).map((line) => line.trim()),
    ...cause,
  }
}
