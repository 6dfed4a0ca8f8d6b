import { sha1 as pureSha1 } from '@noble/hashes/legacy.js'

// asked for at run time, not imported: one build serves Node and browsers
const node = globalThis.process?.getBuiltinModule?.('node:crypto')

/** above this a hash holds the event loop up for longer than a thread costs */
const long = 2 * 1024 * 1024

/**
 * SHA-1 of a piece, 20 bytes: Node's one-shot hash (870 MB/s, against 570 through WebCrypto),
 * WebCrypto for long input and in browsers, and plain JavaScript on pages that are not a secure
 * context.
 */
export async function sha1(bytes: Uint8Array): Promise<Uint8Array> {
  if (node !== undefined && bytes.length <= long) return view(node.hash('sha1', bytes, 'buffer'))
  const { subtle } = globalThis.crypto
  if (subtle === undefined) return pureSha1(bytes)
  return new Uint8Array(await subtle.digest('SHA-1', bytes as Uint8Array<ArrayBuffer>))
}

// a Buffer's `slice` shares memory, unlike a Uint8Array's
function view({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length)
}
