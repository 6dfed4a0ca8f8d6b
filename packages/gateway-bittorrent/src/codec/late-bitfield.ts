/** Bytes of one `have` with its length. */
const haveLength = 9

/**
 * The pieces of a bitfield as `have` messages, one after the other.
 *
 * aria2 sends a bitfield in place of many `have`s, in the middle of a session. BEP 3 has it as the
 * first message only, and a peer that holds to that takes a later one for a breach.
 */
export function asHaves(bits: Uint8Array): Uint8Array {
  const pieces: number[] = []
  bits.forEach((byte, at) => {
    for (let bit = 0; bit < 8; bit++) {
      if ((byte & (0x80 >> bit)) !== 0) pieces.push(8 * at + bit)
    }
  })
  const bytes = new Uint8Array(pieces.length * haveLength)
  const view = new DataView(bytes.buffer)
  pieces.forEach((piece, i) => {
    view.setUint32(i * haveLength, haveLength - 4)
    view.setUint8(i * haveLength + 4, 4)
    view.setUint32(i * haveLength + 5, piece)
  })
  return bytes
}
