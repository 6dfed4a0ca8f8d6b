/**
 * What makes a terminal do something other than print: control characters, line breaks of every
 * kind, and marks that turn the direction of text round, so that `exe.3pm` reads `mp3.exe`
 * (CVE-2021-42574). Names come from strangers.
 */
const commanding = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

/** Text that is safe to print on a terminal, on one line. */
export function cleanText(text: string): string {
  return text.replace(commanding, '�')
}

/** A value as one line of JSON, in which nothing commands a terminal either. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    commanding,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}
