import { readdirSync, readFileSync } from 'node:fs'

/** What a process holds: open descriptors, and memory that is really there. */
export interface ProcessSize {
  descriptors: number
  residentMb: number
}

/** Reads it from the kernel (proc(5): fd, VmRSS). */
export function sizeOfProcess(pid: number): ProcessSize {
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return { descriptors: readdirSync(`/proc/${pid}/fd`).length, residentMb: Math.round(Number(resident) / 1024) }
}
