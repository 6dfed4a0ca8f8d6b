/** One multistream-select message, shorter than 128 bytes. */
export function message(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(`${text}\n`)
  return Uint8Array.of(bytes.length, ...bytes)
}

/** One yamux header: 0 data, 1 window update; flag 1 opens a stream. */
export function header(type: number, flags: number, stream: number, length: number): Uint8Array {
  const bytes = new Uint8Array(12)
  const view = new DataView(bytes.buffer)
  view.setUint8(1, type)
  view.setUint16(2, flags)
  view.setUint32(4, stream)
  view.setUint32(8, length)
  return bytes
}
