import { MagnetError } from '../errors.ts'
import { limits } from '../limits.ts'
import { sameBytes } from './bytes.ts'
import { formatId, readId } from './content-id.ts'
import { formatSelect, readSelect } from './select-only.ts'
import { fromHex, hasUnseen, printable } from './text.ts'
import { isTrackerUrl } from './trackers.ts'

/**
 * A link to a torrent (BEP 9). All but the hash is a hint from whoever made the link.
 */
export interface Magnet {
  /** what peers know it by, 20 bytes: the version 1 hash if there is one, else version 2's, cut */
  readonly infoHash: Uint8Array
  /** SHA-256 of the info dictionary, 32 bytes, when the link names version 2 or a hybrid */
  readonly infoHashV2?: Uint8Array
  /** `btih:` and 40 hexadecimal digits; of version 2 alone `btmh:1220` and 64 */
  readonly id: string
  /** for showing only, never for a path */
  readonly name?: string
  /** bytes, as the link claims */
  readonly length?: number
  /** multiaddrs of libp2p peers (`x.peer`, our own parameter) */
  readonly peers: readonly string[]
  /** `host:port` of BitTorrent clients (`x.pe`), for a gateway */
  readonly endpoints: readonly string[]
  /** tracker addresses (`tr`) */
  readonly trackers: readonly string[]
  /**
   * Which files are meant (`so`, BEP 53), as ranges of their numbers, first and last, in order and
   * apart; all of them when it is not there.
   */
  readonly select?: readonly (readonly [number, number])[]
}

/** What a link is made from: a magnet, a torrent, or the hash alone. */
export interface MagnetInit extends Pick<Magnet, 'infoHash'> {
  readonly infoHashV2?: Uint8Array | undefined
  readonly name?: string
  readonly length?: number
  readonly select?: readonly (readonly [number, number])[]
  readonly peers?: readonly string[]
  readonly endpoints?: readonly string[]
  readonly trackers?: readonly string[] | readonly (readonly string[])[]
}

/** Reads a magnet link. Hints that are broken or too many are left out. */
export function readMagnet(text: string): Magnet | MagnetError {
  if (text.length > limits.magnet.text) {
    return new MagnetError(`the link is longer than ${limits.magnet.text} characters`)
  }
  const [, query] = /^magnet:\?(.*)$/is.exec(text.trim()) ?? []
  if (query === undefined) return new MagnetError('this is not a magnet link: "magnet:?xt=…"')
  const fields = new URLSearchParams(query)
  const hashes = readTopics(fields)
  if (hashes instanceof MagnetError) return hashes
  const name = fields.get('dn')
  const length = fields.get('xl')
  const select = readSelect(fields.get('so') ?? '')
  return {
    ...hashes,
    ...(name !== null && name !== '' && { name: printable(name, limits.magnet.name) }),
    ...(length !== null && isLength(length) && { length: Number(length) }),
    peers: hints(fields, 'x.peer', isMultiaddr),
    endpoints: hints(fields, 'x.pe', isEndpoint),
    trackers: hints(fields, 'tr', isTrackerUrl),
    ...(select.length > 0 && { select })
  }
}

/**
 * Reads a magnet link.
 *
 * @throws {MagnetError} when it is none, or has no info-hash
 */
export function parseMagnet(text: string): Magnet {
  const magnet = readMagnet(text)
  if (magnet instanceof MagnetError) throw magnet
  return magnet
}

/** Writes a magnet link that {@link parseMagnet} and other clients read. */
export function formatMagnet(of: MagnetInit): string {
  const fields: [string, string][] = []
  if (of.name !== undefined) fields.push(['dn', of.name])
  if (of.length !== undefined) fields.push(['xl', String(of.length)])
  for (const url of of.trackers?.flat() ?? []) fields.push(['tr', url])
  for (const endpoint of of.endpoints ?? []) fields.push(['x.pe', endpoint])
  for (const peer of of.peers ?? []) fields.push(['x.peer', peer])
  const rest = fields.map(([name, value]) => `&${name}=${encodeURIComponent(value.toWellFormed())}`)
  const so = of.select?.length ? `&so=${formatSelect(of.select)}` : ''
  return `magnet:?${topicsOf(of).join('&')}${so}${rest.join('')}`
}

/** Version 1 first: it is what most clients look for. */
function topicsOf({ infoHash, infoHashV2 }: MagnetInit): string[] {
  if (infoHashV2 === undefined) return [`xt=urn:${formatId(infoHash)}`]
  const alone = sameBytes(infoHashV2.subarray(0, 20), infoHash)
  return (alone ? [infoHashV2] : [infoHash, infoHashV2]).map((hash) => `xt=urn:${formatId(hash)}`)
}

/** The hashes: `xt`, or `xt.1`, `xt.2` … where a link names several; the first of each kind. */
function readTopics(
  fields: URLSearchParams
): Pick<Magnet, 'infoHash' | 'infoHashV2' | 'id'> | MagnetError {
  const topics = [...fields].filter(([name]) => /^xt(?:\.\d+)?$/i.test(name)).map(([, urn]) => urn)
  const infoHash = first(topics, /^urn:btih:/i, readHash)
  if (infoHash instanceof MagnetError) return infoHash
  const infoHashV2 = first(topics, /^urn:btmh:/i, readMultihash)
  if (infoHashV2 instanceof MagnetError) return infoHashV2
  const known = infoHash ?? infoHashV2
  if (known === undefined) {
    return new MagnetError('the link has no info-hash: "xt=urn:btih:" and 40 hexadecimal digits')
  }
  return { infoHash: known.slice(0, 20), id: formatId(known), ...(infoHashV2 && { infoHashV2 }) }
}

function first<T>(topics: string[], kind: RegExp, read: (hash: string) => T): T | undefined {
  const topic = topics.find((urn) => kind.test(urn))
  return topic === undefined ? undefined : read(topic.replace(kind, ''))
}

function readHash(text: string): Uint8Array | MagnetError {
  const hash = text.length === 32 ? fromBase32(text) : fromHex(text)
  if (hash?.length === 20) return hash
  return new MagnetError(
    `"${printable(text)}" is not an info-hash: 40 hexadecimal digits, or base32`
  )
}

/** Of the kinds of multihash there are, BEP 52 takes SHA2-256. */
function readMultihash(text: string): Uint8Array | MagnetError {
  const hash = readId(`btmh:${text}`)
  if (hash !== undefined) return hash
  return new MagnetError(
    `"${printable(text)}" is not a version 2 info-hash: 1220 and 64 hexadecimal digits`
  )
}

/** RFC 4648, as old links have it. */
function fromBase32(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8))
  let bits = 0
  let value = 0
  let at = 0
  for (const character of text.toUpperCase()) {
    const digit = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(character)
    if (digit === -1) return undefined
    value = ((value << 5) | digit) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = value >> bits
    }
  }
  return bytes
}

function hints(
  fields: URLSearchParams,
  name: string,
  isGood: (value: string) => boolean
): readonly string[] {
  const good = fields
    .getAll(name)
    .filter((hint) => hint.length <= limits.magnet.hint && isGood(hint))
  return [...new Set(good)].slice(0, limits.magnet.hints)
}

function isLength(text: string): boolean {
  return /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text))
}

// only its outline: whoever dials parses it
function isMultiaddr(text: string): boolean {
  return /^\/[a-z0-9]/.test(text) && !hasUnseen(text)
}

function isEndpoint(text: string): boolean {
  const [, port = '0'] = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\]):(\d{1,5})$/i.exec(text) ?? []
  return Number(port) >= 1 && Number(port) <= 0xffff
}
