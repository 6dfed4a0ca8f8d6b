import { WireError } from '@peerage/wire'
import { joined } from './bytes.ts'
import { decodeGgep, encodeGgep, ggepMagic, type GgepExtension } from './ggep.ts'
import { limits } from './limits.ts'
import { encodeLatin1, readLatin1 } from './text.ts'

/** What may stand where a message has room for more than it had in version 0.4. */
export type Extension =
  /** one GGEP block; it should be the last extension */
  | { readonly type: 'ggep'; readonly extensions: readonly GgepExtension[] }
  /** a HUGE string: the file's name by its hash, or which kind of it is asked for; see `parseUrn` */
  | { readonly type: 'urn'; readonly urn: string }
  /** XML, or words of an old client */
  | { readonly type: 'other'; readonly bytes: Uint8Array }

/** FS: between one extension string and the next (HUGE 0.94 §3) */
const separator = 0x1c

/** @throws WireError when an extension would not be read as what it is */
export function encodeExtensions(extensions: readonly Extension[]): Uint8Array {
  if (extensions.length > limits.extensions.items) throw tooMany()
  const parts: Uint8Array[] = []
  extensions.forEach((extension, at) => {
    // GGEP blocks tell themselves where they end
    const packed = extension.type === 'ggep' && extensions[at - 1]?.type === 'ggep'
    if (at > 0 && !packed) parts.push(Uint8Array.of(separator))
    parts.push(
      extension.type === 'ggep' ? encodeGgep(extension.extensions) : encodeString(extension)
    )
  })
  return joined(parts)
}

/** HUGE strings, GGEP blocks and others side by side, told apart as GGEP 0.51's appendix B has it. */
export function decodeExtensions(bytes: Uint8Array): Extension[] | WireError {
  const found: Extension[] = []
  for (let at = 0; at < bytes.byteLength;) {
    if (isSeparator(bytes[at]!)) {
      at++
      continue
    }
    if (found.length === limits.extensions.items) return tooMany()
    if (bytes[at] === ggepMagic) {
      const block = decodeGgep(bytes, at)
      if (block instanceof WireError) return block
      found.push({ type: 'ggep', extensions: block.extensions })
      at = block.end
    } else {
      const end = endOfString(bytes, at)
      found.push(stringOf(bytes.slice(at, end)))
      at = end
    }
  }
  return found
}

/** All GGEP extensions of some name, from whichever block. */
export function ggepNamed(extensions: readonly Extension[], id: string): GgepExtension[] {
  const blocks = extensions.flatMap((each) => (each.type === 'ggep' ? each.extensions : []))
  return blocks.filter((extension) => extension.id === id)
}

function isSeparator(byte: number): boolean {
  return byte === separator || byte === 0
}

function endOfString(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.byteLength && !isSeparator(bytes[at]!)) at++
  return at
}

function stringOf(bytes: Uint8Array): Extension {
  const text = readLatin1(bytes)
  return isUrn(text) ? { type: 'urn', urn: text } : { type: 'other', bytes }
}

function isUrn(text: string): boolean {
  return /^urn:[!-~]*$/i.test(text)
}

function encodeString(extension: Exclude<Extension, { type: 'ggep' }>): Uint8Array {
  const bytes = extension.type === 'urn' ? encodeLatin1(extension.urn) : extension.bytes
  const readAs = isUrn(readLatin1(bytes)) ? 'urn' : 'other'
  if (bytes.byteLength === 0 || bytes[0] === ggepMagic || bytes.some(isSeparator)) {
    throw new WireError('an extension string is empty, or has bytes that separate it from others')
  }
  if (readAs !== extension.type) throw new WireError('an extension string that is no URN says so')
  return bytes
}

function tooMany(): WireError {
  return new WireError(`there are more than ${limits.extensions.items} extensions in one place`)
}
