import type { PeerMessage } from '../../src/codec/peer-wire.ts'

/** Bytes on the wire. */
export function sizeOf(frame: PeerMessage): number {
  if (frame.type === 'piece') return 13 + frame.block.byteLength
  if (frame.type === 'bitfield') return 5 + frame.bits.byteLength
  if (frame.type === 'request' || frame.type === 'cancel') return 17
  return frame.type === 'handshake' ? 68 : 9
}
