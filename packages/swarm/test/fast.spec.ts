import type { PeerKey } from '@peerage/wire'
import { describe, expect, test } from 'vitest'
import type { BlockSpan, PeerMessage } from '../src/codec/peer-wire.ts'
import { allowedFast } from '../src/core/uploads/allowed-fast.ts'
import { Bitfield } from '../src/core/bitfield.ts'
import { limits } from '../src/limits.ts'
import { fakeTorrent } from './fake-torrent.ts'
import { Probe, torrent } from './probe.ts'
import { TestSwarm, type Bend } from './test-swarm.ts'

const { block } = limits.wire
/** a peer that has the extension protocol and not the fast extension */
const slowBits = (): Uint8Array => Uint8Array.of(0, 0, 0, 0, 0, 0x10, 0, 0)

const request = (piece: number, begin = 0): BlockSpan & { type: 'request' } => ({
  type: 'request',
  piece,
  begin,
  length: block
})
const full = (): PeerMessage => ({
  type: 'bitfield',
  bits: Bitfield.full(torrent.pieceCount).toBytes()
})
const spans = (messages: readonly BlockSpan[]): string[] =>
  messages.map(({ piece, begin, length }) => `${piece}+${begin}+${length}`)

describe('the allowed-fast set', () => {
  const init = {
    ipv4: Uint8Array.of(80, 4, 4, 200),
    infoHash: new Uint8Array(20).fill(0xaa),
    pieceCount: 1313
  }

  test('is the one of BEP 6', () => {
    const seven = [1059, 431, 808, 1217, 287, 376, 1188]
    expect(allowedFast({ ...init, count: 7 })).toEqual(seven)
    expect(allowedFast({ ...init, count: 9 })).toEqual([...seven, 353, 508])
  })

  test('is the same for a whole /24, and another for another', () => {
    const of = (...ipv4: number[]): number[] =>
      allowedFast({ ...init, ipv4: Uint8Array.from(ipv4), count: 7 })
    expect(of(80, 4, 4, 1)).toEqual(of(80, 4, 4, 200))
    expect(of(80, 4, 5, 200)).not.toEqual(of(80, 4, 4, 200))
  })

  test('is every piece of a torrent that has no more', () => {
    expect(allowedFast({ ...init, pieceCount: 3, count: 10 }).sort()).toEqual([0, 1, 2])
  })
})

describe('what we have is said', () => {
  test('in one message when it is all or nothing', () => {
    expect(new Probe('all').up().sent('have-all')).toHaveLength(1)
    expect(new Probe('none').up().sent('have-none')).toHaveLength(1)
    expect(new Probe('magnet').up().sent('have-none')).toHaveLength(1)
  })

  test('with a bitfield, or not at all, to a peer without the extension', () => {
    const probe = new Probe('all').up('peer', slowBits())
    expect(probe.sent('have-all')).toEqual([])
    expect(probe.sent('bitfield')).toHaveLength(1)
    expect(new Probe('none').up('peer', slowBits()).sent('have-none')).toEqual([])
  })

  test('is heard: have-all makes us interested, have-none does not, and neither comes twice', () => {
    expect(new Probe('none').up().says({ type: 'have-all' }).sent('interested')).toHaveLength(1)
    const probe = new Probe('none').up().says({ type: 'have-none' })
    expect([probe.sent('interested'), probe.offence]).toEqual([[], 0])
    expect(probe.says({ type: 'have-all' }).offence).toBe(limits.trust.breach)
  })

  test.each<PeerMessage>([
    { type: 'have-all' },
    { type: 'have-none' },
    { type: 'suggest', piece: 0 },
    { type: 'allowed-fast', piece: 0 },
    { ...request(0), type: 'reject' }
  ])('and $type from a peer without the extension is a breach', (message) => {
    const probe = new Probe('none').up('peer', slowBits()).says(message)
    expect(probe.offence).toBe(limits.trust.breach)
  })
})

describe('every request gets one answer', () => {
  test('a reject while the peer is choked, and silence without the extension', () => {
    const fast = new Probe('all').up().says(request(0))
    expect(spans(fast.sent('reject'))).toEqual(spans([request(0)]))
    const other = new Probe('all').up('peer', slowBits()).says(request(0))
    expect(other.sent('reject')).toEqual([])
  })

  test('a reject for one past the queue', () => {
    const probe = new Probe('all').up().says({ type: 'interested' }).slow(true)
    for (let i = 0; i < limits.uploads.queue; i++) probe.says(request(i % 10))
    expect(probe.sent('reject')).toEqual([])
    expect(probe.says(request(3)).sent('reject')).toHaveLength(1)
  })

  test('a reject when it is cancelled in time, and the block when it is being read', () => {
    const probe = new Probe('all').up().says({ type: 'interested' }).says(request(0))
    probe.slow(true).says(request(1))
    for (const piece of [0, 1]) probe.says({ ...request(piece), type: 'cancel' })
    expect(spans(probe.sent('reject'))).toEqual(spans([request(1)]))
    probe.done(probe.jobs[0]!.job, { type: 'read', bytes: new Uint8Array(block) })
    expect(probe.sent('piece').map(({ piece }) => piece)).toEqual([0])
  })

  test('in a swarm that chokes, cancels and lies idle', () => {
    const swarm = new TestSwarm({ latency: 60, jitter: 30 })
    const open = new Map<string, number>()
    const count =
      (key: PeerKey): Bend =>
      (frame, to) => {
        const at = 'begin' in frame ? `${frame.piece}+${frame.begin}` : ''
        const asked = `${key} of ${to}: ${at}`
        const asks = `${to} of ${key}: ${at}`
        if (frame.type === 'request') open.set(asked, (open.get(asked) ?? 0) + 1)
        if (frame.type === 'piece' || frame.type === 'reject') {
          open.set(asks, (open.get(asks) ?? 0) - 1)
          expect(open.get(asks)).toBeGreaterThanOrEqual(0)
        }
        return frame
      }
    const nodes = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) =>
      swarm.add(key, 'none', count(key))
    )
    nodes.push(swarm.add('seed', 'all', count('seed')))
    nodes.forEach((node, i) => {
      swarm.connect(node, ...nodes.slice(i + 1))
    })
    swarm.run(() => nodes.every((node) => node.complete))
    expect(open.size).toBeGreaterThan(1_000)
    // a channel that closes takes its last few requests with it
    const waiting = [...open.values()].filter((requests) => requests !== 0)
    expect(waiting.length).toBeLessThan(open.size / 50)
  })
})

describe('a reject', () => {
  const asked = (): Probe => {
    const probe = new Probe('none')
    for (const peer of ['a', 'b']) probe.up(peer).says(full(), peer)
    return probe.says({ type: 'unchoke' }, 'a')
  }

  test('frees the blocks for another, and the peer is not asked again at once', () => {
    const probe = asked()
    const requests = probe.sent('request')
    probe.says({ type: 'unchoke' }, 'b')
    probe.effects = []
    for (const span of requests) probe.says({ ...span, type: 'reject' }, 'a')
    const again = probe.effects.filter((it) => it.type === 'send' && it.frame.type === 'request')
    expect(again.map((it) => 'peer' in it && it.peer)).not.toContain('a')
    expect(probe.offence).toBe(0)
    probe.effects = []
    probe.wait(1_000)
    expect(probe.sent('request').length).toBeGreaterThan(0)
  })

  test('of what we never asked for is an offence, of what we took back is none', () => {
    const probe = asked()
    probe.says({ ...request(0, 1), type: 'reject' }, 'a')
    expect(probe.offence).toBe(limits.trust.unasked)
    probe.effects = []
    const [first] = asked().sent('request')
    probe.wait(2 * limits.requests.firstTimeout)
    expect(probe.sent('cancel').length).toBeGreaterThan(0)
    expect(probe.says({ ...first!, type: 'reject' }, 'a').offence).toBe(0)
  })

  test('frees what a choke left open, and until it comes nobody else is asked for that', () => {
    const probe = asked()
    const owed = spans(probe.sent('request'))
    probe.says({ type: 'choke' }, 'a').says({ type: 'unchoke' }, 'b')
    const others = (): string[] => spans(probe.sent('request')).slice(owed.length)
    expect(others().filter((span) => owed.includes(span))).toEqual([])
    for (const span of probe.sent('request').slice(0, owed.length))
      probe.says({ ...span, type: 'reject' }, 'a')
    for (let at = owed.length; at < probe.sent('request').length; at++) {
      const { piece, begin } = probe.sent('request')[at]!
      probe.says({ type: 'piece', piece, begin, block: new Uint8Array(block) }, 'b')
    }
    expect(owed.filter((span) => !others().includes(span))).toEqual([])
    expect(probe.offence).toBe(0)
  })
})

describe('a choked peer', () => {
  const ipv4Of = (): Uint8Array => Uint8Array.of(127, 0, 0, 1)
  const large = fakeTorrent({ length: 400 * block, pieceLength: block })

  test('is given its allowed-fast pieces where its address is known, and served those', () => {
    const have = Bitfield.full(large.pieceCount)
    const probe = new Probe('all', { torrent: large, have, ipv4Of })
    probe.up().says({ type: 'have-none' })
    const allowed = probe.sent('allowed-fast').map(({ piece }) => piece)
    const { infoHash, pieceCount } = large
    const count = limits.fast.set
    expect(allowed).toEqual(allowedFast({ ipv4: ipv4Of(), infoHash, pieceCount, count }))
    probe.says(request(allowed[0]!))
    expect(probe.jobs).toHaveLength(1)
    const other = Array.from({ length: 11 }, (_, i) => i).find((i) => !allowed.includes(i))!
    expect(probe.says(request(other)).sent('reject')).toHaveLength(1)
  })

  test('is given none once it has as many, nor without an address', () => {
    const have = Bitfield.full(large.pieceCount)
    const some = new Bitfield(large.pieceCount)
    for (let piece = 0; piece < limits.fast.set; piece++) some.add(piece)
    const bits = some.toBytes()
    const rich = new Probe('all', { torrent: large, have, ipv4Of })
    expect(rich.up().says({ type: 'bitfield', bits }).sent('allowed-fast')).toEqual([])
    expect(new Probe('all').up().says({ type: 'have-none' }).sent('allowed-fast')).toEqual([])
  })

  test('asks for the pieces it may have, and for no more of them than the limit', () => {
    const probe = new Probe('none').up().says(full())
    expect(probe.says({ type: 'allowed-fast', piece: 7 }).sent('request')).toHaveLength(4)
    expect(new Set(probe.sent('request').map(({ piece }) => piece))).toEqual(new Set([7]))
    expect(probe.says({ type: 'allowed-fast', piece: 10 }).offence).toBe(limits.trust.breach)
    const { accepted } = limits.fast
    const long = new Probe('none', { torrent: large }).up().says({ type: 'have-all' })
    for (let piece = 0; piece <= accepted; piece++) {
      long.says({ type: 'allowed-fast', piece })
      for (const { begin } of long.sent('request').splice(piece))
        long.says({ type: 'piece', piece, begin, block: new Uint8Array(block) })
    }
    expect(long.sent('request')).toHaveLength(accepted)
  })
})
