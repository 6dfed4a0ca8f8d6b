import { WireError } from '@peerage/wire'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/**
 * A text, which ends at its first NUL wherever it goes. Nobody ever said in which encoding: UTF-8
 * if it can be that, Latin-1 otherwise (draft §2.2.7.3).
 */
export function readText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return readLatin1(bytes)
  }
}

/**
 * UTF-8.
 *
 * @throws WireError when the text has a NUL
 */
export function encodeText(text: string): Uint8Array {
  if (text.includes('\0')) throw new WireError('a text ends at its first NUL: send it without')
  return encoder.encode(text)
}

/** One character a byte, and every byte is one. */
export function readLatin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** The bytes of what {@link readLatin1} has read. */
export function encodeLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
