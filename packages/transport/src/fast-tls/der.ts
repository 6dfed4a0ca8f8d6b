/** One value in DER (X.690): what kind it is, what is in it, and all its bytes. */
export interface Der {
  tag: number
  content: Uint8Array
  whole: Uint8Array
}

/** The tags certificates are made of. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  issuerUniqueId: 0x81,
  subjectUniqueId: 0x82,
  extensions: 0xa3
} as const

/** Lengths of more bytes than this reach past any certificate we accept. */
const maxLengthBytes = 3

/**
 * Reads values that lie one after the other and fill `bytes` to the end.
 *
 * @param max how many there may be
 * @returns `undefined` for anything that is not DER
 */
export function readDer(bytes: Uint8Array, max: number): Der[] | undefined {
  const values: Der[] = []
  for (let at = 0; at < bytes.length;) {
    const value = values.length < max ? readOne(bytes.subarray(at)) : undefined
    if (value === undefined) return undefined
    values.push(value)
    at += value.whole.length
  }
  return values
}

function readOne(bytes: Uint8Array): Der | undefined {
  const [tag, first] = bytes
  // a tag of all ones goes on in the next byte; certificates have none
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined
  const lengthBytes = first < 0x80 ? 0 : first - 0x80
  const begin = 2 + lengthBytes
  if (first === 0x80 || lengthBytes > maxLengthBytes || begin > bytes.length) return undefined
  const length = lengthBytes === 0 ? first : bytes.subarray(2, begin).reduce((n, b) => n * 256 + b)
  // DER has one way to write a length: the shortest
  if (lengthBytes > 0 && lengthBytes !== extraLengthBytes(length)) return undefined
  const end = begin + length
  if (end > bytes.length) return undefined
  return { tag, content: bytes.subarray(begin, end), whole: bytes.subarray(0, end) }
}

/** Writes one value made of these parts. */
export function writeDer(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const extra = extraLengthBytes(length)
  const bytes = new Uint8Array(2 + extra + length)
  bytes[0] = tag
  bytes[1] = extra === 0 ? length : 0x80 + extra
  for (let i = 0; i < extra; i++) bytes[1 + extra - i] = length >>> (8 * i)
  let at = 2 + extra
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Bytes a length takes besides its first: none below 128. */
function extraLengthBytes(length: number): number {
  if (length < 0x80) return 0
  return length < 0x100 ? 1 : length < 0x1_0000 ? 2 : 3
}
