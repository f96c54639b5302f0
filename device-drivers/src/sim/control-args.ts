/** A field of a verb's arguments, undefined when they are no object. */
export function argOf(args: unknown, name: string): unknown {
  return typeof args === 'object' && args !== null && Object.hasOwn(args, name)
    ? (args as Record<string, unknown>)[name]
    : undefined
}

/** A whole number between two bounds; `otherwise` when it is left out, undefined when it is anything else. */
export function wholeArg(
  args: unknown,
  name: string,
  bounds: { least: number; most: number; otherwise?: number },
): number | undefined {
  const value = argOf(args, name)
  if (value === undefined) return bounds.otherwise
  const { least, most } = bounds
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : undefined
}

/** A text of at most `most` characters; undefined when it is left out or anything else. */
export function textArg(args: unknown, name: string, most: number): string | undefined {
  const value = argOf(args, name)
  return typeof value === 'string' && value.length <= most ? value : undefined
}

/** True when left out, as `POST /control/mute {}` means it; undefined when it is no boolean. */
export function onArg(args: unknown): boolean | undefined {
  const value = argOf(args, 'on')
  if (value === undefined) return true
  return typeof value === 'boolean' ? value : undefined
}
