import { WireError } from '@peerage/wire'
import { joined } from '../../src/codec/bytes.ts'
import { encodeExtendedHandshake } from '../../src/codec/extended.ts'
import { ourReserved } from '../../src/codec/handshake.ts'
import { peerWire, type PeerMessage } from '../../src/codec/peer-wire.ts'
import { noise } from '../fake-torrent.ts'

const span = { piece: 1, begin: 16_384, length: 16_384 }
const hashes = { root: noise(32), base: 0, index: 0, length: 4, proofs: 0 }

/** One of each. */
const messages: PeerMessage[] = [
  { type: 'handshake', infoHash: noise(20, 7), peerId: noise(20), reserved: ourReserved() },
  { type: 'bitfield', bits: noise(2) },
  { type: 'keep-alive' },
  { type: 'choke' },
  { type: 'unchoke' },
  { type: 'interested' },
  { type: 'not-interested' },
  { type: 'have', piece: 3 },
  { type: 'request', ...span },
  { type: 'piece', piece: 1, begin: 0, block: noise(500) },
  { type: 'cancel', ...span },
  { type: 'suggest', piece: 4 },
  { type: 'have-all' },
  { type: 'have-none' },
  { type: 'reject', ...span },
  { type: 'allowed-fast', piece: 5 },
  { type: 'extended', id: 0, payload: encodeExtendedHandshake({ metadataId: 2 }) },
  { type: 'hash-request', ...hashes },
  { type: 'hashes', ...hashes, hashes: noise(128) },
  { type: 'hash-reject', ...hashes }
]

/** A message as it goes on the wire. */
export function bytesOf(message: PeerMessage): Uint8Array {
  const encoded = peerWire().encode(message)
  return encoded instanceof Uint8Array ? encoded : joined(encoded)
}

/** Every message there is, one after the other. */
export function validStream(): Uint8Array {
  return joined(messages.map(bytesOf))
}

/** What is read of these bytes when they come in parts, as text: up to the first error. */
export function readInParts(bytes: Uint8Array, partLength: () => number): string {
  const reader = peerWire().reader()
  const read: string[] = []
  for (let at = 0; at < bytes.byteLength;) {
    const part = bytes.slice(at, at + partLength())
    at += part.byteLength
    reader.push(part)
    for (let next = reader.next(); next !== undefined; next = reader.next()) {
      if (next instanceof WireError) return [...read, next.message].join()
      read.push(JSON.stringify(next))
    }
  }
  return read.join()
}
