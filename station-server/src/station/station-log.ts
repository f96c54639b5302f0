/** The station's log: structured, one line each, never a name, a code or the text of a slip. */
export interface StationLog {
  info(record: object, message: string): void
  warn(record: object, message: string): void
  error(record: object, message: string): void
}
