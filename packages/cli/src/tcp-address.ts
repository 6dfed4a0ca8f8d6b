import type { TcpAddress } from '@peerage/gateway-bittorrent'
import { UsageError } from './errors.ts'

/**
 * Reads `host:port`, with an IPv6 address in brackets.
 *
 * @throws UsageError
 */
export function readTcpAddress(flag: string, text: string): TcpAddress {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  if (host !== undefined && port <= 65_535) return { host, port }
  throw new UsageError(`--${flag} takes a host and a port, such as 192.0.2.7:6881, not "${text}"`)
}
