import { WireError } from '@peerage/wire'
import { joined } from './bytes.ts'
import { decodeCobs, encodeCobs } from './cobs.ts'
import { deflate, inflate } from './compression.ts'
import { decodeGgepLength, encodeGgepLength, longestGgepData } from './ggep-length.ts'
import { limits } from './limits.ts'
import { encodeLatin1, readLatin1 } from './text.ts'

/** One extension of the generic extension protocol (GGEP 0.51). */
export interface GgepExtension {
  /** 1 to 15 bytes as Latin-1, none of them NUL: `H`, `VC`, `GTKG.x` */
  readonly id: string
  /** still deflated where `deflated` says so: only who wants it pays; see {@link ggepData} */
  readonly data: Uint8Array
  /** whether it travels as COBS, which keeps NULs out: a must inside the results of a hit */
  readonly cobs: boolean
  readonly deflated: boolean
}

/** The byte a GGEP block begins with. */
export const ggepMagic = 0xc3

const flag = { last: 0x80, cobs: 0x40, deflated: 0x20, reserved: 0x10, idLength: 0x0f }

/** An extension whose data is deflated on the way. */
export function deflatedGgep(id: string, data: Uint8Array, { cobs = false } = {}): GgepExtension {
  return { id, data: deflate(data), cobs, deflated: true }
}

/** An extension's data, inflated where need be. */
export function ggepData({ id, data, deflated }: GgepExtension): Uint8Array | WireError {
  if (!deflated) return data
  const inflated = inflate(data, limits.extensions.inflated)
  if (!(inflated instanceof WireError)) return inflated
  return new WireError(`the GGEP extension ${JSON.stringify(id)} is refused: ${inflated.message}`)
}

/**
 * One block, at least one extension long.
 *
 * @throws WireError when it is not one that {@link decodeGgep} takes
 */
export function encodeGgep(extensions: readonly GgepExtension[]): Uint8Array {
  const { perBlock } = limits.extensions
  if (extensions.length === 0 || extensions.length > perBlock) {
    throw new WireError(`a GGEP block has 1 to ${perBlock} extensions, not ${extensions.length}`)
  }
  const last = extensions.length - 1
  const parts = extensions.flatMap((extension, at) => encodeExtension(extension, at === last))
  return joined([Uint8Array.of(ggepMagic), ...parts])
}

function encodeExtension({ id, data, cobs, deflated }: GgepExtension, last: boolean): Uint8Array[] {
  const name = encodeLatin1(id)
  const fault = idFault(name)
  if (fault != null) throw fault
  const body = cobs ? encodeCobs(data) : data
  if (body.byteLength > longestGgepData) {
    throw new WireError(`the GGEP extension ${JSON.stringify(id)} is over ${longestGgepData} bytes`)
  }
  const flags =
    (last ? flag.last : 0) |
    (cobs ? flag.cobs : 0) |
    (deflated ? flag.deflated : 0) |
    name.byteLength
  return [Uint8Array.of(flags), name, encodeGgepLength(body.byteLength), body]
}

/**
 * @param start where the block's magic byte is
 * @returns the block's extensions, and where it ends
 */
export function decodeGgep(
  bytes: Uint8Array,
  start = 0
): { extensions: GgepExtension[]; end: number } | WireError {
  if (bytes[start] !== ggepMagic) return new WireError('a GGEP block does not begin with C3')
  const extensions: GgepExtension[] = []
  for (let at = start + 1; extensions.length < limits.extensions.perBlock;) {
    const next = decodeExtension(bytes, at)
    if (next instanceof WireError) return next
    extensions.push(next.extension)
    if (next.last) return { extensions, end: next.end }
    at = next.end
  }
  return new WireError(`a GGEP block has more than ${limits.extensions.perBlock} extensions`)
}

function decodeExtension(
  bytes: Uint8Array,
  at: number
): { extension: GgepExtension; last: boolean; end: number } | WireError {
  const flags = bytes[at]
  if (flags == null) return new WireError('a GGEP block is cut short')
  if ((flags & flag.reserved) !== 0) return new WireError('a GGEP extension has a reserved flag')
  const name = bytes.subarray(at + 1, at + 1 + (flags & flag.idLength))
  const fault = idFault(name)
  if (fault != null) return fault
  const size = decodeGgepLength(bytes, at + 1 + name.byteLength)
  if (size instanceof WireError) return size
  const end = size.end + size.length
  if (end > bytes.byteLength) return new WireError('the data of a GGEP extension is cut short')
  const body = bytes.slice(size.end, end)
  const cobs = (flags & flag.cobs) !== 0
  const data = cobs ? decodeCobs(body) : body
  if (data instanceof WireError) return data
  const deflated = (flags & flag.deflated) !== 0
  const extension = { id: readLatin1(name), data, cobs, deflated }
  return { extension, last: (flags & flag.last) !== 0, end }
}

function idFault(id: Uint8Array): WireError | undefined {
  if (id.byteLength === 0) return new WireError('a GGEP extension has no name')
  if (id.byteLength > limits.extensions.id) {
    return new WireError(`the name of a GGEP extension is over ${limits.extensions.id} bytes`)
  }
  return id.includes(0) ? new WireError('the name of a GGEP extension holds a NUL') : undefined
}
