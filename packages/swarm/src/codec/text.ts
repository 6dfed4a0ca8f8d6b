// fatal: a name must be what it looks like; ignoreBOM: every byte of it counts
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 text, or undefined when the bytes are something else. */
export function readText(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * Characters that are not seen but change what is seen: controls (terminals obey them), line
 * separators, and the overrides and isolates of bidirectional text, which make `gpj.exe` out of
 * `exe.jpg`.
 */
// oxlint-disable-next-line no-control-regex -- these are what it looks for
const unseen = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/** Whether a text has characters that nobody would see. */
export function hasUnseen(text: string): boolean {
  return text.search(unseen) !== -1
}

/** A stranger's text made safe for a terminal or a message: nothing unseen, at most `max` characters. */
export function printable(text: string, max = 80): string {
  // cut first: what follows is work on the part that is kept
  const kept = text.length > max ? `${text.slice(0, max)}…` : text
  return kept.replace(unseen, '\ufffd').toWellFormed()
}

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += digits[byte]
  return text
}

/** The bytes that hexadecimal digits spell, in either case; undefined when they are something else. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return undefined
  return Uint8Array.from({ length: text.length / 2 }, (_, at) =>
    Number.parseInt(text.slice(at * 2, at * 2 + 2), 16)
  )
}
