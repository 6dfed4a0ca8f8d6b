import { WireError } from '@peerage/wire'

/** Bytes a run has besides its code, at most. */
const longestRun = 254

/**
 * Bytes without a NUL among them, at a cost of one byte in 254: consistent overhead byte stuffing
 * (Cheshire and Baker, SIGCOMM 1997). Each run tells how far away the next NUL was.
 */
export function encodeCobs(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.byteLength + Math.floor(data.byteLength / longestRun) + 1)
  let code = 0
  let at = 1
  const finish = (): void => {
    bytes[code] = at - code
    code = at++
  }
  for (const byte of data) {
    if (byte !== 0) bytes[at++] = byte
    if (byte === 0 || at - code > longestRun) finish()
  }
  bytes[code] = at - code
  return bytes.subarray(0, at)
}

/** What {@link encodeCobs} was given. */
export function decodeCobs(bytes: Uint8Array): Uint8Array | WireError {
  const data = new Uint8Array(bytes.byteLength)
  let length = 0
  for (let at = 0; at < bytes.byteLength;) {
    const code = bytes[at]!
    const end = at + code
    if (code === 0) return new WireError('COBS data holds a NUL')
    if (end > bytes.byteLength) return new WireError('COBS data is cut short')
    data.set(bytes.subarray(at + 1, end), length)
    length += code - 1
    // a full run has no NUL after it, and neither has the last one
    if (code <= longestRun && end < bytes.byteLength) length++
    at = end
  }
  return data.subarray(0, length)
}
