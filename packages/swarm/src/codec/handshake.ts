import { WireError } from '@peerage/wire'

/** The first 68 bytes each way: which torrent this is about, and what the sender can do (BEP 3). */
export interface Handshake {
  type: 'handshake'
  /** 20 bytes */
  infoHash: Uint8Array
  /** 20 bytes, a name for logs only: who the peer is, libp2p has proven already */
  peerId: Uint8Array
  /** 8 bytes of feature bits; see {@link speaksExtended} */
  reserved: Uint8Array
}

const name = new TextEncoder().encode('\u0013BitTorrent protocol')

/** Bytes of a handshake. */
export const handshakeLength = name.byteLength + 8 + 20 + 20

/**
 * The feature bits this implementation sends: the extension protocol, the fast extension and, of a
 * hybrid, that version 2 will do as well (BEP 52).
 */
export function ourReserved({ hybrid = false } = {}): Uint8Array {
  return Uint8Array.of(0, 0, 0, 0, 0, 0x10, 0, hybrid ? 0x14 : 0x04)
}

/** Whether the sender of these bits takes extended messages (BEP 10). */
export function speaksExtended(reserved: Uint8Array): boolean {
  return (reserved[5]! & 0x10) !== 0
}

/** Whether the sender of these bits answers every request, with a piece or a reject (BEP 6). */
export function speaksFast(reserved: Uint8Array): boolean {
  return (reserved[7]! & 0x04) !== 0
}

/** Whether the sender, when it calls a hybrid by version 1, may be answered by version 2 (BEP 52). */
export function speaksV2(reserved: Uint8Array): boolean {
  return (reserved[7]! & 0x10) !== 0
}

export function encodeHandshake(handshake: Handshake): Uint8Array {
  const bytes = new Uint8Array(handshakeLength)
  bytes.set(name)
  bytes.set(handshake.reserved, 20)
  bytes.set(handshake.infoHash, 28)
  bytes.set(handshake.peerId, 48)
  return bytes
}

/** @param bytes exactly {@link handshakeLength} of them */
export function decodeHandshake(bytes: Uint8Array): Handshake | WireError {
  if (name.some((byte, i) => bytes[i] !== byte)) {
    return new WireError('the first bytes are not a BitTorrent handshake')
  }
  return {
    type: 'handshake',
    reserved: bytes.slice(20, 28),
    infoHash: bytes.slice(28, 48),
    peerId: bytes.slice(48, 68)
  }
}
