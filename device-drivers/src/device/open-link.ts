import type { ByteLink, LinkAddress } from './byte-link.ts'
import { openTcpLink } from './tcp-link.ts'

/** Opens the link of the address. The serial library is loaded only where a serial line is opened. */
export async function openLink(address: LinkAddress, onData: (bytes: Uint8Array) => void): Promise<ByteLink> {
  if (address.kind === 'tcp') return openTcpLink(address, onData)
  const { openSerialLink } = await import('./serial-link.ts')
  return openSerialLink(address, onData)
}
