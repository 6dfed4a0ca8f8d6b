import { WireError } from '@peerage/wire'
import { joined, u32, viewOf } from '../bytes.ts'
import { decodeExtensions, encodeExtensions, type Extension } from '../extensions.ts'
import { encodeText, readText } from '../text.ts'

/** One file of a query hit. */
export interface HitResult {
  /** what the holder calls the file in its own list; a push names it by this */
  readonly index: number
  /** bytes; one of 4 GiB and more has FFFFFFFF here and its size in GGEP `LF` */
  readonly size: number
  readonly name: string
  /** they travel between two NULs, so GGEP in them has to be COBS where its data has any */
  readonly extensions: readonly Extension[]
}

/** @throws WireError when an extension has a NUL, which would end them */
export function encodeHitResult({ index, size, name, extensions }: HitResult): Uint8Array {
  const between = encodeExtensions(extensions)
  if (between.includes(0)) {
    throw new WireError('the extensions of a result hold a NUL: send GGEP data as COBS')
  }
  const end = Uint8Array.of(0)
  return joined([u32(index), u32(size), encodeText(name), end, between, end])
}

/** @returns the result that begins at `at`, and where it ends */
export function decodeHitResult(
  bytes: Uint8Array,
  at: number
): { result: HitResult; end: number } | WireError {
  const nameEnd = bytes.indexOf(0, at + 8)
  const end = nameEnd === -1 ? -1 : bytes.indexOf(0, nameEnd + 1)
  if (end === -1) return new WireError('a result of a hit is cut short')
  const extensions = decodeExtensions(bytes.subarray(nameEnd + 1, end))
  if (extensions instanceof WireError) return extensions
  const view = viewOf(bytes)
  const result = {
    index: view.getUint32(at, true),
    size: view.getUint32(at + 4, true),
    name: readText(bytes.subarray(at + 8, nameEnd)),
    extensions
  }
  return { result, end: end + 1 }
}
