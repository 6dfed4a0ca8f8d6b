import { WireError } from '@peerage/wire'
import { formatHeaders, linesOf, parseHeaders, type HeaderLine } from './headers.ts'
import { limits } from './limits.ts'
import { encodeText, readText } from './text.ts'

/**
 * A third of a handshake (draft §2.1): the caller connects, the called responds, the caller responds
 * to that; each with headers of its own.
 */
export type HandshakeGroup =
  | {
      readonly type: 'connect'
      /** such as `0.6`; a higher one is no reason to refuse */
      readonly version: string
      readonly headers: readonly HeaderLine[]
    }
  | {
      readonly type: 'response'
      readonly version: string
      /** 200 goes on; anything else ends it, and whom to try instead stands in the headers */
      readonly code: number
      /** for people: only the number counts */
      readonly text: string
      readonly headers: readonly HeaderLine[]
    }

/** @throws WireError when it is not one that {@link readHandshake} takes */
export function encodeHandshake(group: HandshakeGroup): Uint8Array {
  const bytes = encodeText(`${firstLine(group)}\r\n${formatHeaders(group.headers)}\r\n`)
  const read = readHandshake(bytes)
  if (read instanceof WireError) throw read
  if (read?.length !== bytes.byteLength) throw new WireError('a handshake has an empty line')
  return bytes
}

/**
 * The group that the bytes begin with.
 *
 * @returns undefined when it goes on beyond the bytes; otherwise where it ends as well: after the
 * last one of a handshake, messages begin there
 */
export function readHandshake(
  bytes: Uint8Array
): { group: HandshakeGroup; length: number } | WireError | undefined {
  const most = limits.headers.bytes
  if (!begins(bytes)) return new WireError('what comes is no Gnutella handshake')
  const length = endOfGroup(bytes.subarray(0, most))
  if (length == null && bytes.byteLength < most) return undefined
  if (length == null) return new WireError(`a handshake is over the limit of ${most} bytes`)
  const lines = linesOf(readText(bytes.subarray(0, length)))
  const headers = parseHeaders(lines.slice(1, -2))
  if (headers instanceof WireError) return headers
  const group = groupOf(lines[0]!, headers)
  return group == null ? new WireError('a handshake has another first line') : { group, length }
}

const greeting = new TextEncoder().encode('GNUTELLA')

/** Whether the bytes, few as they may be, begin as every handshake does. */
function begins(bytes: Uint8Array): boolean {
  return greeting.every((byte, at) => at >= bytes.byteLength || bytes[at] === byte)
}

/** Where the first empty line ends; lines may end as in HTTP, or with a line feed alone. */
function endOfGroup(bytes: Uint8Array): number | undefined {
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x0a) return at + 2
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return at + 3
  }
  return undefined
}

const connectLine = /^GNUTELLA CONNECT\/(\d{1,3}\.\d{1,3})$/
const responseLine = /^GNUTELLA\/(\d{1,3}\.\d{1,3}) (\d{3})(?: (.*))?$/

function groupOf(line: string, headers: HeaderLine[]): HandshakeGroup | undefined {
  const [, connect] = connectLine.exec(line) ?? []
  if (connect != null) return { type: 'connect', version: connect, headers }
  const [, version, code, text = ''] = responseLine.exec(line) ?? []
  if (version == null) return undefined
  return { type: 'response', version, code: Number(code), text, headers }
}

function firstLine(group: HandshakeGroup): string {
  if (group.type === 'connect') return `GNUTELLA CONNECT/${group.version}`
  return `GNUTELLA/${group.version} ${group.code}${group.text === '' ? '' : ` ${group.text}`}`
}
