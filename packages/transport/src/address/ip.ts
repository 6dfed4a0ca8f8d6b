/** An IP address as a number, so that ranges can be compared. */
export interface Ip {
  /** 32 or 128 */
  width: 32 | 128
  value: bigint
}

/** A range such as `10.0.0.0/8`. */
export interface IpRange extends Ip {
  bits: number
}

/** Reads an address in its usual text form; anything else, zones included, is `undefined`. */
export function parseIp(text: string): Ip | undefined {
  const value = text.includes(':') ? ip6(text) : ip4(text)
  return value === undefined ? undefined : { width: text.includes(':') ? 128 : 32, value }
}

/** Reads a range written by us. */
export function ipRange(text: string): IpRange {
  const [address = '', bits] = text.split('/')
  const ip = parseIp(address)
  if (ip === undefined) throw new TypeError(`${text} is not a range of addresses`)
  return { ...ip, bits: Number(bits) }
}

/** Whether the address lies in the range. */
export function inRange(ip: Ip, range: IpRange): boolean {
  const host = BigInt(range.width - range.bits)
  return ip.width === range.width && ip.value >> host === range.value >> host
}

/** Four decimal bytes and nothing else: `127.1` and `0x7f.0.0.1` are names to us, and refused. */
function ip4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part)))
    return undefined
  if (parts.some((part) => Number(part) > 255)) return undefined
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n)
}

/** RFC 4291 §2.2: eight groups, one run of zeros written `::`, the last two as IPv4 if they like. */
function ip6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map(groups)
  if (head === undefined) return undefined
  if (halves.length === 1) return head.length === 8 ? join(head) : undefined
  if (tail === undefined || head.length + tail.length > 7) return undefined
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => 0)
  return join([...head, ...zeros, ...tail])
}

function groups(half: string): number[] | undefined {
  if (half === '') return []
  const found: number[] = []
  const parts = half.split(':')
  for (const [index, part] of parts.entries()) {
    const embedded = index === parts.length - 1 ? ip4(part) : undefined
    if (embedded !== undefined) found.push(Number(embedded >> 16n), Number(embedded & 0xffffn))
    else if (/^[0-9a-f]{1,4}$/i.test(part)) found.push(Number.parseInt(part, 16))
    else return undefined
  }
  return found
}

function join(words: number[]): bigint {
  return words.reduce((value, word) => (value << 16n) | BigInt(word), 0n)
}
