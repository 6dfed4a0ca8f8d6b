import type { SelectFiles, Torrent, TorrentFile } from '@peerage/swarm'
import { UsageError } from './errors.ts'

/** Names told in an error, at most. */
const told = 5

/** Those files whose names match one of the patterns; undefined, which is all, without patterns. */
export function selectionOf(patterns: readonly string[]): SelectFiles | undefined {
  if (patterns.length === 0) return undefined
  const expressions = patterns.map(readPattern)
  return (file) => expressions.some((matches) => matches(file))
}

/** @throws UsageError when nothing is selected, with names that could be */
export function assertSelected({ files }: Torrent, select: SelectFiles | undefined): void {
  const all = files.filter(({ pad }) => !pad)
  if (select === undefined || all.some((file, index) => select(file, index) !== false)) return
  const names = all.slice(0, told).map((file) => `"${file.path.at(-1)}"`)
  const rest = all.length > told ? ` and ${all.length - told} more` : ''
  throw new UsageError(`no file matches --files; there are ${names.join(', ')}${rest}`)
}

/**
 * A pattern as shells have it: `*` and `?` stop at a slash, `**` does not. Without a slash in it, it
 * is for a file's name wherever the file lies; with one, for its path, the torrent's name left out.
 */
function readPattern(pattern: string): (file: TorrentFile) => boolean {
  const source = pattern.replaceAll(/\*\*\/?|[*?]|[$()+.[\\\]^{|}]/g, (sign) => {
    if (sign.startsWith('**')) return '.*'
    if (sign === '*') return '[^/]*'
    return sign === '?' ? '[^/]' : `\\${sign}`
  })
  const expression = new RegExp(`^${source}$`, 'iu')
  const isPath = pattern.includes('/')
  return ({ path }) => {
    const below = path.length > 1 ? path.slice(1) : path
    return expression.test(isPath ? below.join('/') : below.at(-1)!)
  }
}
