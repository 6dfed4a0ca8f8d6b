import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import type { PeerMessage } from '../src/codec/peer-wire.ts'
import { fakeTorrent, noise } from './fake-torrent.ts'
import { same, World, type WorldNode } from './world.ts'

const KiB = 1024

function worldOf(
  init: { length?: number; pieceLength?: number; seed?: number; latency?: number } = {}
) {
  const { length = 40 * 64 * KiB + 5_000, pieceLength = 64 * KiB, seed = 1, latency = 20 } = init
  const content = noise(length)
  const torrent = fakeTorrent({ length, pieceLength })
  const world = new World({ torrent, content, seed, latency })
  const whole = (node: WorldNode) => () => node.core.progress(world.now).state === 'seeding'
  return { world, torrent, content, whole }
}

/** A node that changes one byte of every n-th block it sends. */
function lying(node: WorldNode, everyNth = 1): WorldNode {
  let sent = 0
  node.bend = (frame: PeerMessage) => {
    if (frame.type !== 'piece' || ++sent % everyNth !== 0) return frame
    const block = frame.block.slice()
    block[0]! ^= 1
    return { ...frame, block }
  }
  return node
}

describe('a torrent core', () => {
  test('fetches every piece from three seeds and nothing twice', () => {
    const { world, torrent, content, whole } = worldOf()
    const leecher = world.add('leecher')
    for (const key of ['a', 'b', 'c']) world.connect(leecher, world.add(key, 'all'))
    world.run(whole(leecher))
    expect(same(leecher.disk, content)).toBe(true)
    expect(leecher.received).toBe(torrent.length)
    const gave = new Map(leecher.core.gave)
    expect([...gave.keys()].sort()).toEqual(['a', 'b', 'c'])
    expect([...gave.values()].reduce((sum, pieces) => sum + pieces)).toBe(torrent.pieceCount)
    expect(leecher.news.filter((news) => news.type === 'complete')).toHaveLength(1)
  })

  test('asks no one for anything before it is unchoked, and parts when both have everything', () => {
    const { world, whole } = worldOf()
    const leecher = world.add('leecher')
    const seed = world.add('seed', 'all')
    world.connect(leecher, seed)
    world.run(whole(leecher))
    world.run(() => leecher.links.size === 0 && seed.links.size === 0, 5_000)
    expect(leecher.ledger.points(world.now, 'seed')).toBe(0)
    expect(seed.ledger.points(world.now, 'leecher')).toBe(0)
  })

  test('two leechers with half each complete each other', () => {
    const { world, content, whole } = worldOf()
    const even = Array.from({ length: 41 }, (_, i) => i).filter((i) => i % 2 === 0)
    const odd = even.map((i) => i + 1).filter((i) => i < 41)
    const a = world.add('a', even)
    const b = world.add('b', odd)
    world.connect(a, b)
    world.run(() => whole(a)() && whole(b)())
    expect(same(a.disk, content) && same(b.disk, content)).toBe(true)
  })

  test('goes on with the others when a peer leaves midway, at once', () => {
    const { world, content, whole } = worldOf()
    const leecher = world.add('leecher')
    const seeds = ['a', 'b'].map((key) => world.add(key, 'all'))
    for (const seed of seeds) world.connect(leecher, seed)
    world.run(() => leecher.core.progress(world.now).pieces >= 10)
    world.kill(seeds[0]!)
    const before = world.now
    world.run(whole(leecher))
    expect(world.now - before).toBeLessThan(3_000)
    expect(same(leecher.disk, content)).toBe(true)
  })

  test('a peer that goes silent is snubbed and its blocks come from another', () => {
    const { world, content, whole } = worldOf()
    const leecher = world.add('leecher')
    const silent = world.add('silent', 'all')
    let sent = 0
    silent.bend = (frame) => (frame.type === 'piece' && ++sent > 20 ? undefined : frame)
    world.connect(leecher, silent)
    world.connect(leecher, world.add('good', 'all'))
    world.run(whole(leecher))
    expect(world.now).toBeLessThan(20_000)
    expect(same(leecher.disk, content)).toBe(true)
  })

  test('fetches the metadata of a magnet first', () => {
    const { world, content, whole } = worldOf()
    const leecher = world.add('leecher', 'magnet')
    expect(leecher.core.progress(0).state).toBe('metadata')
    world.connect(leecher, world.add('other', 'magnet'))
    world.connect(leecher, world.add('seed', 'all'))
    world.run(whole(leecher))
    expect(same(leecher.disk, content)).toBe(true)
    const other = world.nodes.get('other')!
    world.run(whole(other))
    expect(same(other.disk, content)).toBe(true)
  })
})

describe('a peer that lies', () => {
  test('alone about a piece is banned on the first one', () => {
    const { world, content, whole } = worldOf()
    const leecher = world.add('leecher')
    world.connect(leecher, lying(world.add('liar', 'all')))
    world.run(() => leecher.banned.size > 0)
    expect(leecher.news.filter((news) => news.type === 'bad-piece').length).toBeLessThanOrEqual(2)
    world.connect(leecher, world.add('seed', 'all'))
    world.run(whole(leecher))
    expect([...leecher.banned]).toEqual(['liar'])
    expect(same(leecher.disk, content)).toBe(true)
  })

  test('among honest ones is found out, and only that one is banned', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { world, content, whole } = worldOf({ seed })
      const leecher = world.add('leecher')
      world.connect(leecher, lying(world.add('liar', 'all'), 7))
      for (const key of ['a', 'b']) world.connect(leecher, world.add(key, 'all'))
      world.run(whole(leecher))
      expect([...leecher.banned], `seed ${seed}`).toEqual(['liar'])
      expect(same(leecher.disk, content), `seed ${seed}`).toBe(true)
    }
  })

  test('about metadata is banned, and another is asked', () => {
    const { world, content, whole } = worldOf()
    const leecher = world.add('leecher', 'magnet')
    const liar = world.add('liar', 'all')
    liar.bend = (frame) => {
      if (frame.type !== 'extended' || frame.id === 0) return frame
      const payload = frame.payload.slice()
      payload[payload.length - 1]! ^= 1
      return { ...frame, payload }
    }
    world.connect(leecher, liar)
    world.run(() => leecher.banned.size > 0)
    world.connect(leecher, world.add('seed', 'all'))
    world.run(whole(leecher))
    expect([...leecher.banned]).toEqual(['liar'])
    expect(same(leecher.disk, content)).toBe(true)
  })
})

describe('a full disk', () => {
  test('stops asking, keeps serving, and goes on when there is room', () => {
    const { world, content, whole } = worldOf()
    const leecher = world.add('leecher')
    world.connect(leecher, world.add('seed', 'all'))
    world.run(() => leecher.core.progress(world.now).pieces >= 5)
    leecher.diskError = new Error('no space left')
    world.run(() => leecher.core.progress(world.now).state === 'disk-failed')
    const { pieces } = leecher.core.progress(world.now)
    const other = world.add('other')
    world.connect(leecher, other)
    world.run(() => other.core.progress(world.now).pieces === pieces, 60_000)
    leecher.diskError = undefined
    world.run(whole(leecher), 60_000)
    expect(leecher.news.filter((news) => news.type === 'disk')).toEqual([
      { type: 'disk', error: expect.objectContaining({ message: 'no space left' }) },
      { type: 'disk', error: undefined }
    ])
    expect(same(leecher.disk, content)).toBe(true)
  })
})

describe('whatever happens', () => {
  test('any order of events, cuts and liars included, ends in the exact file', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 0 }),
          pieces: fc.integer({ min: 1, max: 12 }),
          tail: fc.integer({ min: 1, max: 40_000 }),
          leechers: fc.integer({ min: 1, max: 4 }),
          magnet: fc.boolean(),
          latency: fc.constantFrom(0, 30, 400),
          liar: fc.constantFrom(0, 1, 5)
        }),
        fc.array(fc.record({ after: fc.nat(300), a: fc.nat(9), b: fc.nat(9) }), { maxLength: 6 }),
        ({ seed, pieces, tail, leechers, magnet, latency, liar }, cuts) => {
          const pieceLength = 40_000
          const length = (pieces - 1) * pieceLength + tail
          const { world, content, whole } = worldOf({ length, pieceLength, seed, latency })
          world.add('seed', 'all')
          if (liar > 0) lying(world.add('liar', 'all'), liar)
          const fetchers = Array.from({ length: leechers }, (_, i) =>
            world.add(`leecher-${i}`, magnet ? 'magnet' : 'none')
          )
          const all = [...world.nodes.values()]
          for (const fetcher of fetchers) {
            for (const other of all) {
              if (other !== fetcher)
                world.input(fetcher, { type: 'ask', ask: { type: 'know', peer: other.key } })
            }
          }
          for (const { after, a, b } of cuts) {
            for (let i = 0; i < after; i++) world.step()
            world.cut(all[a % all.length]!, all[b % all.length]!)
            world.check()
          }
          world.run(() => fetchers.every((fetcher) => whole(fetcher)()))
          world.check()
          for (const fetcher of fetchers) {
            expect(same(fetcher.disk, content)).toBe(true)
            expect([...fetcher.banned].filter((key) => key !== 'liar')).toEqual([])
          }
        }
      ),
      { numRuns: 100 }
    )
  })
})
