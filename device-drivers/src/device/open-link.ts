import type { ByteLink, LinkAddress } from './byte-link.ts'
import { openTcpLink } from './tcp-link.ts'
import { openUsblpLink } from './usblp-link.ts'

/** Opens the link of the address. The serial library is loaded only where a serial line is opened. */
export async function openLink(address: LinkAddress, onData: (bytes: Uint8Array) => void): Promise<ByteLink> {
  switch (address.kind) {
    case 'tcp':
      return openTcpLink(address, onData)
    case 'usblp':
      return openUsblpLink(address, onData)
    case 'serial': {
      const { openSerialLink } = await import('./serial-link.ts')
      return openSerialLink(address, onData)
    }
    default:
      throw new TypeError(`unknown link ${JSON.stringify(address satisfies never)}`)
  }
}
