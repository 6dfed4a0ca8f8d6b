import { WireError } from '@peerage/wire'
import { Inflate, zlibSync } from 'fflate'
import { viewOf } from './bytes.ts'

/** Bytes inflated at a time: they become 1,032 times as many at most, so a bomb is seen early. */
const step = 512

/** The zlib format (RFC 1950), which is what GGEP's and QRP's "deflate" is in the clients there are. */
export function deflate(data: Uint8Array): Uint8Array {
  return zlibSync(data)
}

/** @param max bytes there may be; more is an error, found before they are all made */
export function inflate(bytes: Uint8Array, max: number): Uint8Array | WireError {
  if (bytes.byteLength < 8 || !isZlib(bytes)) return new WireError('the data is not zlib')
  const data = inflateRaw(bytes.subarray(2, -4), max)
  if (data instanceof WireError) return data
  const sum = viewOf(bytes).getUint32(bytes.byteLength - 4)
  return sum === adler32(data) ? data : new WireError('zlib data has a wrong checksum')
}

/** Deflate as the method, no preset dictionary, and a check over both bytes (RFC 1950 §2.2). */
function isZlib(bytes: Uint8Array): boolean {
  const [method, flags] = [bytes[0]!, bytes[1]!]
  return (method & 0x0f) === 8 && (flags & 0x20) === 0 && (method * 256 + flags) % 31 === 0
}

function inflateRaw(bytes: Uint8Array, max: number): Uint8Array | WireError {
  const data = new Uint8Array(max)
  let length = 0
  const stream = new Inflate((part) => {
    if (length + part.byteLength <= max) data.set(part, length)
    length += part.byteLength
  })
  try {
    for (let at = 0; at < bytes.byteLength; at += step) {
      stream.push(bytes.subarray(at, at + step), at + step >= bytes.byteLength)
      if (length > max) return new WireError(`inflated data is over the limit of ${max} bytes`)
    }
  } catch (cause) {
    return new WireError('zlib data cannot be inflated', { cause })
  }
  return data.slice(0, length)
}

/** RFC 1950 §8.2; the sums stay below 2³² for so many bytes. */
function adler32(data: Uint8Array): number {
  let [a, b] = [1, 0]
  for (let at = 0; at < data.byteLength; at += 3_800) {
    for (const byte of data.subarray(at, at + 3_800)) {
      a += byte
      b += a
    }
    a %= 65_521
    b %= 65_521
  }
  return ((b << 16) | a) >>> 0
}
