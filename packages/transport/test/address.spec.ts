import { multiaddr } from '@multiformats/multiaddr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inRange, ipRange, parseIp } from '../src/address/ip.ts'
import { globalIp6, localNames, specialIp4, specialIp6 } from '../src/address/special-ranges.ts'
import { isGlobalUnicast } from '../src/index.ts'

describe('isGlobalUnicast', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '192.88.98.1',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2A00:1450:4001:81B::200E',
    'peer.example.com',
    'PEER.example.com.',
    'xn--bcher-kva.example.com',
    '/ip4/8.8.8.8/tcp/4001',
    '/ip6/2606:4700::1/tcp/4001/ws',
    '/dns4/peer.example.com/tcp/443/tls/ws',
    '/dnsaddr/bootstrap.example.net',
    '/ip4/8.8.8.8/tcp/443/tls/sni/peer.example.com/ws'
  ])('%s is global', (address) => {
    expect(isGlobalUnicast(address)).toBe(true)
  })

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.251',
    '239.255.255.255',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1', // IPv4-compatible loopback
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8', // mapped: has to be written as IPv4
    '64:ff9b::7f00:1', // NAT64 of loopback
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::1', // NAT64 for local use
    'fec0::1', // site local
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd12:3456::1',
    'ff02::fb', // multicast
    '2001::1', // Teredo
    '2001:0:7f00:1::',
    '2001:db8::1',
    '2002:7f00:1::1', // 6to4 of loopback
    '3fff::1',
    'localhost',
    'localhost.',
    'LOCALHOST',
    'LocalHost.',
    'a.localhost',
    'a.LOCALHOST.',
    'printer.local',
    'router.lan',
    'router',
    'metadata.internal',
    'nas.home.arpa',
    '127.1',
    '2130706433',
    '0x7f.1',
    '0x7f000001',
    '0177.0.0.1',
    '127.0.0.1.',
    '127%2e0.0.1',
    'user@127.0.0.1',
    '１２７.0.0.1',
    'peer..example.com',
    '',
    '.',
    '[::1]',
    'not an address',
    '/ip4/127.0.0.1/tcp/4001',
    '/ip6/::1/tcp/4001',
    '/ip6/64:ff9b::7f00:1/tcp/1',
    '/ip6zone/eth0/ip6/fe80::1/tcp/1',
    '/dns4/localhost./tcp/1',
    '/dns4/LOCALHOST/tcp/1',
    '/dns/a.localhost/tcp/1',
    '/ip4/8.8.8.8/tcp/443/tls/sni/localhost/ws', // the WebSocket transport dials the SNI
    '/ip4/8.8.8.8/tcp/1/p2p-circuit/ip4/10.0.0.1/tcp/1',
    '/memory/a',
    '/unix/tmp%2fa',
    '/nonsense'
  ])('%s is not', (address) => {
    expect(isGlobalUnicast(address)).toBe(false)
  })

  it('takes a multiaddr as well as its text', () => {
    expect(isGlobalUnicast(multiaddr('/ip4/8.8.8.8/tcp/1'))).toBe(true)
    expect(isGlobalUnicast(multiaddr('/ip6/::7f00:1/tcp/1'))).toBe(false)
  })

  it('refuses every address of a special range, first and last included', () => {
    const offsets = [fc.constant(0n), fc.constant(-1n), fc.bigInt(0n, 2n ** 128n - 1n)]
    for (const text of [...specialIp4, ...specialIp6]) {
      const range = ipRange(text)
      const size = 1n << BigInt(range.width - range.bits)
      fc.assert(
        fc.property(fc.oneof(...offsets), (offset) => {
          const value = range.value + (((offset % size) + size) % size)
          return !isGlobalUnicast(write(range.width, value))
        }),
        { numRuns: 50 }
      )
    }
  })

  it('refuses all of IPv6 outside 2000::/3', () => {
    const global = ipRange(globalIp6)
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 128n - 1n), (value) => {
        const outside = !inRange({ width: 128, value }, global)
        return !outside || !isGlobalUnicast(write(128, value))
      })
    )
  })

  it('refuses local names at any depth, in any case, with and without the last dot', () => {
    const label = fc.stringMatching(/^[a-zA-Z0-9]{1,12}$/)
    const zone = fc.constantFrom(...localNames).chain((name) => fc.mixedCase(fc.constant(name)))
    fc.assert(
      fc.property(fc.array(label, { maxLength: 3 }), zone, fc.boolean(), (labels, last, dot) => {
        return !isGlobalUnicast([...labels, last].join('.') + (dot ? '.' : ''))
      })
    )
  })

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((s) => `/${s}`)
        ),
        (text) => {
          return typeof isGlobalUnicast(text) === 'boolean'
        }
      )
    )
  })
})

describe('parseIp', () => {
  it('reads every IPv4 and IPv6 text form', () => {
    fc.assert(fc.property(fc.ipV4(), (text) => parseIp(text)?.width === 32))
    fc.assert(fc.property(fc.ipV6(), (text) => parseIp(text)?.width === 128))
  })

  it('reads back what it means', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 2n ** 128n - 1n),
        (value) => parseIp(write(128, value))?.value === value
      )
    )
    expect(parseIp('::ffff:1.2.3.4')?.value).toBe(0xffff01020304n)
    expect(parseIp('1::')?.value).toBe(1n << 112n)
  })
})

/** An address in its plainest text form. */
function write(width: 32 | 128, value: bigint): string {
  const form = width === 32 ? { bits: 8, radix: 10, mark: '.' } : { bits: 16, radix: 16, mark: ':' }
  const count = width / form.bits
  return Array.from({ length: count }, (_, index) => {
    const shift = BigInt(form.bits * (count - 1 - index))
    return BigInt.asUintN(form.bits, value >> shift).toString(form.radix)
  }).join(form.mark)
}
