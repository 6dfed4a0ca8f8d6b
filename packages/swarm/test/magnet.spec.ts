import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatMagnet, parseMagnet, readMagnet } from '../src/codec/magnet.ts'
import { MagnetError } from '../src/errors.ts'
import { limits } from '../src/limits.ts'
import { noiseTorrent } from './support/torrents.ts'

const hex = 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a'
const v2 = 'ab'.repeat(32)
const base32 = 'YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK'
const magnet = (rest = '') => parseMagnet(`magnet:?xt=urn:btih:${hex}${rest}`)
const peer = '/ip4/192.0.2.1/tcp/4001/p2p/12D3KooWGzh3oLCnNkQuBHJcdTVYbPLCQAnDHPFbtGyGJXUXdLKf'

describe('reading', () => {
  test('the hash in hexadecimal of either case, or in base32', () => {
    for (const hash of [hex, hex.toUpperCase(), base32, base32.toLowerCase()]) {
      expect(parseMagnet(`magnet:?xt=urn:btih:${hash}`).id).toBe(`btih:${hex}`)
    }
    expect(magnet().infoHash).toHaveLength(20)
    expect(parseMagnet(` MAGNET:?XT=x&xt=URN:BTIH:${hex}\n`).id).toBe(`btih:${hex}`)
  })

  test('name, length, trackers and hints', () => {
    const rest =
      '&dn=a+b%20c&xl=123&tr=udp%3A%2F%2Ft.example%3A1&tr=http%3A%2F%2Fu.example%2F' +
      `&x.pe=192.0.2.1:6881&x.pe=[2001:db8::1]:1&x.peer=${encodeURIComponent(peer)}`
    expect(magnet(rest)).toMatchObject({
      name: 'a b c',
      length: 123,
      trackers: ['udp://t.example:1', 'http://u.example/'],
      endpoints: ['192.0.2.1:6881', '[2001:db8::1]:1'],
      peers: [peer]
    })
  })

  test('a hybrid has both hashes, and its id is of version 1', () => {
    const link = `magnet:?xt=urn:btmh:1220${v2}&xt=urn:btih:${hex}`
    expect(parseMagnet(link)).toMatchObject({
      id: `btih:${hex}`,
      infoHash: magnet().infoHash,
      infoHashV2: new Uint8Array(32).fill(0xab)
    })
  })

  test('version 2 alone is known to peers by the beginning of its hash', () => {
    expect(parseMagnet(`magnet:?xt=urn:btmh:1220${v2.toUpperCase()}`)).toMatchObject({
      id: `btmh:1220${v2}`,
      infoHash: new Uint8Array(20).fill(0xab),
      infoHashV2: new Uint8Array(32).fill(0xab)
    })
  })

  test.each([
    ['0', [[0, 0]]],
    [
      '0,2,4,6-8',
      [
        [0, 0],
        [2, 2],
        [4, 4],
        [6, 8]
      ]
    ],
    [
      '6-8,7-9,10,1',
      [
        [1, 1],
        [6, 10]
      ]
    ],
    ['0-999999999', [[0, 999_999_999]]]
  ])('the files chosen by so=%s', (so, select) => {
    expect(magnet(`&so=${so}`).select).toEqual(select)
    expect(magnet(`&so=${encodeURIComponent(so)}`).select).toEqual(select)
  })

  test.each(['', 'x', '1,,2', '3-1', '-1', '1-', '1e3', '0x1', '1000000000', ' 1', '1.5'])(
    'a choice that is none, so=%s, chooses nothing',
    (so) => {
      expect(magnet(`&so=${so}`)).not.toHaveProperty('select')
    }
  )

  test('where a link names several things, the torrent counts', () => {
    expect(parseMagnet(`magnet:?xt.1=urn:sha1:x&xt.2=urn:btih:${hex}`).id).toBe(`btih:${hex}`)
  })

  test('what is broken among the hints is left out', () => {
    const rest =
      '&xl=-5&xl=7&tr=&tr=file:///etc&x.pe=host&x.pe=host:0&x.pe=host:65536&x.pe=a%0ab:1' +
      '&x.peer=192.0.2.1&x.peer=/ip4/%1b[0m&unknown=1&%ff=%ff&=&'
    expect(magnet(rest)).toEqual({
      infoHash: magnet().infoHash,
      id: `btih:${hex}`,
      peers: [],
      endpoints: [],
      trackers: []
    })
  })

  test('a name is made safe to show', () => {
    expect(magnet('&dn=a%1b[31m%00%e2%80%aeb').name).toBe('a\ufffd[31m\ufffd\ufffdb')
  })

  test('a hint that is there twice is kept once', () => {
    expect(magnet('&x.pe=h:1&x.pe=h:1').endpoints).toEqual(['h:1'])
  })
})

describe('what is no usable link is refused', () => {
  test.each([
    ['', 'not a magnet'],
    ['http://x.example/?xt=urn:btih:', 'not a magnet'],
    [hex, 'not a magnet'],
    ['magnet:', 'not a magnet'],
    ['magnet:?', 'no info-hash'],
    ['magnet:?dn=x', 'no info-hash'],
    [`magnet:?xt=urn:sha1:${base32}`, 'no info-hash'],
    [`magnet:?xt=urn:btmh:1220${v2.slice(2)}`, 'not a version 2 info-hash'],
    [`magnet:?xt=urn:btmh:1114${hex}`, 'not a version 2 info-hash'],
    [`magnet:?xt=urn:btmh:1220${v2.slice(2)}zz`, 'not a version 2 info-hash'],
    [`magnet:?xt=urn:btih:${hex}&xt=urn:btmh:12`, 'not a version 2 info-hash'],
    ['magnet:?xt=urn:btih:', 'not an info-hash'],
    [`magnet:?xt=urn:btih:${hex.slice(1)}`, 'not an info-hash'],
    [`magnet:?xt=urn:btih:${hex}0`, 'not an info-hash'],
    [`magnet:?xt=urn:btih:${hex.slice(2)}zz`, 'not an info-hash'],
    [`magnet:?xt=urn:btih:${base32.slice(1)}1`, 'not an info-hash'],
    ['magnet:?xt=urn:btih:%1b[2J', 'not an info-hash']
  ])('%j', (link, reason) => {
    const error = readMagnet(link)
    expect(error).toBeInstanceOf(MagnetError)
    expect((error as MagnetError).message).toContain(reason)
    // oxlint-disable-next-line no-control-regex -- a message goes to a terminal
    expect((error as MagnetError).message).not.toMatch(/[\u0000-\u001f]/)
    expect(() => parseMagnet(link)).toThrow(MagnetError)
  })
})

describe('bounds', () => {
  const { text, hints, hint, name, ranges } = limits.magnet

  test('files are chosen by as many ranges as the limit, and by no more', () => {
    const list = (count: number) => Array.from({ length: count }, (_, n) => n * 2).join(',')
    expect(magnet(`&so=${list(ranges)}`).select).toHaveLength(ranges)
    expect(magnet(`&so=${list(ranges + 1)}`)).not.toHaveProperty('select')
  })

  test('a link is as long as the limit, and no longer', () => {
    const link = (length: number) => `magnet:?xt=urn:btih:${hex}&y=`.padEnd(length, 'x')
    expect(readMagnet(link(text))).not.toBeInstanceOf(MagnetError)
    expect(readMagnet(link(text + 1))).toBeInstanceOf(MagnetError)
  })

  test.each([
    ['x.pe', 'endpoints', (n: number) => `h${n}:1`],
    ['x.peer', 'peers', (n: number) => `/dns/h${n}`],
    ['tr', 'trackers', (n: number) => `udp://h${n}`]
  ] as const)('%s is kept up to the limit', (key, field, make) => {
    const all = Array.from({ length: hints + 1 }, (_, n) => make(n))
    const rest = (list: string[]) => list.map((each) => `&${key}=${each}`).join('')
    expect(magnet(rest(all.slice(0, hints)))[field]).toHaveLength(hints)
    expect(magnet(rest(all))[field]).toEqual(all.slice(0, hints))
  })

  test('a hint longer than the limit is left out, a longer name is cut', () => {
    const long = '/dns/'.padEnd(hint, 'x')
    expect(magnet(`&x.peer=${long}&x.peer=${long}x`).peers).toEqual([long])
    expect(magnet(`&dn=${'x'.repeat(name)}`).name).toBe('x'.repeat(name))
    expect(magnet(`&dn=${'x'.repeat(name + 1)}`).name).toBe(`${'x'.repeat(name)}…`)
  })
})

describe('writing', () => {
  test('a torrent becomes a link that reads back', async () => {
    const { torrent } = await noiseTorrent({ a: 1 })
    const link = formatMagnet({ ...torrent, peers: [peer] })
    expect(parseMagnet(link)).toMatchObject({
      id: torrent.id,
      name: 'sample',
      length: 1,
      peers: [peer]
    })
  })

  test.each([2, 'hybrid'] as const)('of version %s reads back', async (version) => {
    const { torrent } = await noiseTorrent({ a: 1, b: 2 }, 16_384, version)
    const link = formatMagnet({
      ...torrent,
      select: [
        [0, 0],
        [2, 3]
      ]
    })
    const { id, infoHash, infoHashV2 } = torrent
    expect(link).toMatch(version === 2 ? /^magnet:\?xt=urn:btmh:1220/ : /^magnet:\?xt=urn:btih:/)
    expect(link).toContain('&so=0,2-3&')
    expect(parseMagnet(link)).toMatchObject({
      id,
      infoHash,
      infoHashV2,
      select: [
        [0, 0],
        [2, 3]
      ]
    })
  })

  test('other clients read it: the hash comes first, in hexadecimal', () => {
    const { infoHash } = magnet()
    expect(
      formatMagnet({ infoHash, name: 'a & b', trackers: [['udp://t:1'], ['udp://u:1']] })
    ).toBe(`magnet:?xt=urn:btih:${hex}&dn=a%20%26%20b&tr=udp%3A%2F%2Ft%3A1&tr=udp%3A%2F%2Fu%3A1`)
  })

  test('whatever is written reads back', () => {
    const fields = fc.record({
      infoHash: fc.uint8Array({ minLength: 20, maxLength: 20 }),
      name: fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
        .filter((n) => !/[\p{C}\u2028\u2029]/u.test(n)),
      length: fc.maxSafeInteger().map(Math.abs),
      peers: fc.uniqueArray(
        fc.domain().map((name) => `/dns/${name}/tcp/1`),
        { maxLength: 4 }
      ),
      endpoints: fc.uniqueArray(
        fc.domain().map((name) => `${name}:6881`),
        { maxLength: 4 }
      ),
      trackers: fc.uniqueArray(fc.webUrl({ validSchemes: ['http', 'udp'] }), { maxLength: 4 })
    })
    fc.assert(
      fc.property(fields, (magnet) => {
        const { id: _, ...back } = parseMagnet(formatMagnet(magnet))
        expect(back).toEqual(magnet)
      })
    )
  })

  test('any text gives a magnet or an error, and nothing is thrown', () => {
    const part = fc.constantFrom(
      'magnet:?',
      'xt=',
      'urn:btih:',
      hex,
      base32,
      '&',
      '%',
      '%zz',
      '=',
      'dn=',
      '\u0000',
      '\ud800'
    )
    const text = fc.array(fc.oneof(part, fc.string()), { maxLength: 12 }).map((all) => all.join(''))
    fc.assert(
      fc.property(text, (link) => {
        const read = readMagnet(link)
        expect(read instanceof MagnetError || read.infoHash.length === 20).toBe(true)
      }),
      { numRuns: 2_000 }
    )
  })
})
