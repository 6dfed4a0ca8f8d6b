import { WireError } from '@peerage/wire'
import { limits } from './limits.ts'

/** One header, as it was written: names are the same in any case. */
export type HeaderLine = readonly [name: string, value: string]

/** A header's value; of one that is there several times, all of them with commas in between. */
export function headerOf(headers: readonly HeaderLine[], name: string): string | undefined {
  const wanted = name.toLowerCase()
  const values = headers.flatMap(([name, value]) => (name.toLowerCase() === wanted ? [value] : []))
  return values.length > 0 ? values.join(', ') : undefined
}

/** What a header's name is made of (RFC 9110 §5.1), and what its value may not have. */
const token = /^[!#$%&'*+.^_`|~\w-]+$/
const control = /[\0\r\n]/

/**
 * Lines, each with its end.
 *
 * @throws WireError when a name is no token, or a value goes over several lines
 */
export function formatHeaders(headers: readonly HeaderLine[]): string {
  for (const [name, value] of headers) {
    if (token.test(name) && !control.test(value) && value.trim() === value) continue
    throw new WireError(`the header ${JSON.stringify(name)} would not be read as it is`)
  }
  return headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
}

/** Lines without their ends. One that begins with a blank goes on from the line before (draft §2.1). */
export function parseHeaders(lines: readonly string[]): HeaderLine[] | WireError {
  const { lines: most } = limits.headers
  if (lines.length > most) return new WireError(`there are more than ${most} header lines`)
  const headers: [name: string, value: string][] = []
  for (const line of lines) {
    if (control.test(line)) return new WireError('a header line holds a NUL or a lone return')
    const last = headers.at(-1)
    if (/^[ \t]/.test(line)) {
      if (last == null) return new WireError('the first header line goes on from none')
      last[1] = `${last[1]} ${line.trim()}`.trim()
      continue
    }
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon))
    if (!token.test(name)) return new WireError('a header line has no name')
    headers.push([name, line.slice(colon + 1).trim()])
  }
  return headers
}

/** The lines of a text, whether it ends them as HTTP does or with a line feed alone. */
export function linesOf(text: string): string[] {
  return text.split(/\r?\n/)
}
