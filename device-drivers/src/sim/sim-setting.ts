/** Reads one environment variable for a simulator's main file; empty counts as not set. */
export function optionalEnv(name: string): string | undefined {
  const value = process.env[name]
  return value === undefined || value === '' ? undefined : value
}

/** Reads a port, 0 when not set; throws with the variable's name when it is none. */
export function portEnv(name: string): number {
  return readPort(name, optionalEnv(name) ?? '0')
}

/** Reads `host:port`; throws with the variable's name when it is not that. */
export function hostAndPort(name: string, value: string): { host: string; port: number } {
  const colon = value.lastIndexOf(':')
  if (colon < 1) throw new Error(`${name} must be host:port`)
  return { host: value.slice(0, colon), port: readPort(name, value.slice(colon + 1)) }
}

/** Resolves when the process is told to end. */
export function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
}

function readPort(name: string, value: string): number {
  const port = Number(value)
  if (!/^\d{1,5}$/.test(value) || port > 65_535) throw new Error(`${name} must be a port number`)
  return port
}
