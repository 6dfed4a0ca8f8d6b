import { isIp, type Address } from './address.ts'
import { limits } from './limits.ts'

const host = /^\s*([\d.]{7,15}):(\d{1,5})\s*$/

/**
 * The hosts in a header such as `X-Try-Ultrapeers`, 64 at most: `ip:port` with commas in between.
 * What is none, such as a host by name, is left out.
 */
export function parseHosts(value: string): Address[] {
  const hosts: Address[] = []
  for (const each of value.split(',')) {
    const [, ip = '', digits] = host.exec(each) ?? []
    const port = Number(digits)
    if (isIp(ip) && port > 0 && port <= 0xffff) hosts.push({ ip, port })
    if (hosts.length === limits.headers.hosts) break
  }
  return hosts
}

/** A header's value out of hosts. */
export function formatHosts(hosts: readonly Address[]): string {
  return hosts.map(({ ip, port }) => `${ip}:${port}`).join(',')
}
