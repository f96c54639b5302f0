/** What the sensors of a simulated printer see. */
export interface PrinterSensors {
  paperOut: boolean
  nearEnd: boolean
  coverOpen: boolean
  cutterJammed: boolean
  unrecoverable: boolean
  /** Offline, for whatever cause. */
  offline: boolean
  ticketInMouth: boolean
}

/** The answer to DLE EOT 1 to 4 and 20; other questions get the fixed bits alone. */
export function realTimeAnswer(question: number, sensors: PrinterSensors): number[] {
  if (question === 20) return fullStatus(sensors)
  const { paperOut, nearEnd, coverOpen, cutterJammed, unrecoverable, offline } = sensors
  const bits = {
    1: offline ? 0x08 : 0,
    2: (coverOpen ? 0x04 : 0) | (paperOut ? 0x20 : 0) | (cutterJammed || unrecoverable ? 0x40 : 0),
    3: (cutterJammed ? 0x08 : 0) | (unrecoverable ? 0x20 : 0),
    4: (nearEnd ? 0x0c : 0) | (paperOut ? 0x60 : 0),
  }[question]
  return [0x12 | (bits ?? 0)]
}

/** The six bytes of DLE EOT 20. */
function fullStatus(sensors: PrinterSensors): number[] {
  const { paperOut, nearEnd, coverOpen, cutterJammed, unrecoverable, ticketInMouth } = sensors
  return [
    0x10,
    0x0f,
    (paperOut ? 0x01 : 0) | (nearEnd ? 0x04 : 0) | (ticketInMouth ? 0x20 : 0),
    coverOpen ? 0x03 : 0,
    0,
    (cutterJammed ? 0x01 : 0) | (unrecoverable ? 0x08 : 0),
  ]
}

/** The four bytes that GS a lets come by themselves. */
export function automaticStatus(sensors: PrinterSensors): number[] {
  const { paperOut, nearEnd, coverOpen, cutterJammed, unrecoverable, offline } = sensors
  return [
    0x10 | (offline ? 0x08 : 0) | (coverOpen ? 0x20 : 0),
    (cutterJammed ? 0x08 : 0) | (unrecoverable ? 0x20 : 0),
    (nearEnd ? 0x03 : 0) | (paperOut ? 0x0c : 0),
    0x0f,
  ]
}

/** The byte of GS r 1. */
export function orderedStatus({ paperOut, nearEnd }: PrinterSensors): number[] {
  return [(nearEnd ? 0x03 : 0) | (paperOut ? 0x0c : 0)]
}
