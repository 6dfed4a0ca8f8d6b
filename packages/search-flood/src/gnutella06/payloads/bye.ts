import { WireError } from '@peerage/wire'
import { joined, u16, viewOf } from '../bytes.ts'
import { formatHeaders, linesOf, parseHeaders, type HeaderLine } from '../headers.ts'
import { encodeText, readText } from '../text.ts'

/** The last message on a link, with TTL 1 and hops 0 (draft §2.2.9). */
export interface Bye {
  readonly type: 'bye'
  /**
   * 200 leaving, 201 told to; your fault: 400 too big, 401 duplicates, 402 bad queries, 403 hops and
   * TTL too large, 404 unknown messages, 405 idle, 406 no pong, 407 not sharing; own fault: 500,
   * 501 lost the thread, 502 send queue full
   */
  readonly code: number
  /** one line for people to read */
  readonly reason: string
  /** whom to try instead, and the like */
  readonly headers: readonly HeaderLine[]
}

/** @throws WireError when the reason has more lines than one */
export function encodeBye({ code, reason, headers }: Bye): Uint8Array {
  if (reason.includes('\n')) throw new WireError('the reason of a bye is one line')
  const more = headers.length > 0 ? `\r\n${formatHeaders(headers)}\r\n` : ''
  return joined([u16(code), encodeText(reason + more), Uint8Array.of(0)])
}

export function decodeBye(bytes: Uint8Array): Bye | WireError {
  if (bytes.byteLength < 2) return new WireError('a bye is cut short')
  const end = bytes.indexOf(0, 2)
  const text = readText(bytes.subarray(2, end === -1 ? bytes.byteLength : end))
  const [reason = '', ...lines] = linesOf(text)
  const blank = lines.indexOf('')
  const headers = parseHeaders(blank === -1 ? lines : lines.slice(0, blank))
  if (headers instanceof WireError) return headers
  return { type: 'bye', code: viewOf(bytes).getUint16(0, true), reason, headers }
}
