import { formatMagnet } from '@peerage/swarm'
import { renderUnicodeCompact } from 'uqr'
import type { SharedFile } from './library.ts'

/** A link to one file, with whom to ask for it. */
export function fileLink({ torrent }: SharedFile, addresses: readonly string[]): string {
  const { infoHash, infoHashV2, name, length } = torrent
  return formatMagnet({ infoHash, infoHashV2, name, length, peers: addresses.slice(0, 2) })
}

/** A link as a QR code for a dark or light terminal, one string for each line. */
export function qrLines(link: string): string[] {
  return renderUnicodeCompact(link, { border: 2 }).split('\n')
}
