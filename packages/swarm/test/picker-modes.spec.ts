import { seededRandom } from '@peerage/testbed'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Bitfield } from '../src/core/bitfield.ts'
import { Picker, type BlockRef } from '../src/core/picker/picker.ts'
import { limits } from '../src/limits.ts'

const pieces = 12

function field(set: Iterable<number>): Bitfield {
  const bits = new Bitfield(pieces)
  for (const piece of set) bits.add(piece)
  return bits
}

/** Pieces 0 to 3 are there; one block each, unless said otherwise. */
function pickerOf(blocks = 1, forget?: (piece: number) => void): Picker {
  return new Picker({
    pieceCount: pieces,
    blocksIn: () => blocks,
    random: seededRandom(1),
    have: field([0, 1, 2, 3]),
    ...(forget && { forget })
  })
}

const picked = (refs: BlockRef[]): number[] => refs.map(({ piece }) => piece)

describe('priorities', () => {
  test('weigh against rarity: a high one comes before a rarer piece', () => {
    const picker = pickerOf()
    picker.addPeer('a', field([5, 6]))
    picker.addPeer('b', field([6]))
    expect(picked(picker.pick('a', 1))).toEqual([5])
    const other = pickerOf()
    other.addPeer('a', field([5, 6]))
    other.addPeer('b', field([6]))
    other.prioritize(6, 7)
    expect(picked(other.pick('a', 1))).toEqual([6])
  })

  test('of 0 leaves a piece out, and forgets what was begun of it', () => {
    const forgotten: number[] = []
    const picker = pickerOf(2, (piece) => forgotten.push(piece))
    picker.addPeer('a', field([5]))
    expect(picker.pick('a', 1)).toHaveLength(1)
    picker.prioritize(5, 0)
    expect(forgotten).toEqual([5])
    expect([picker.pick('a', 9), picker.wantedFrom('a'), picker.left]).toEqual([[], 0, 7])
    picker.check()
    picker.prioritize(5, 4)
    expect([picker.pick('a', 9).length, picker.wantedFrom('a'), picker.left]).toEqual([2, 1, 8])
    picker.check()
  })

  test('of 0 do not throw away a piece that is whole already', () => {
    const picker = pickerOf()
    picker.addPeer('a', field([5]))
    picker.received('a', picker.pick('a', 1)[0]!)
    picker.prioritize(5, 0)
    picker.verified(5)
    picker.check()
    expect([picker.have.has(5), picker.left]).toEqual([true, 7])
  })
})

describe('in sequence', () => {
  test('pieces are begun as they lie in the torrent', () => {
    const picker = pickerOf()
    picker.setOrder('sequential')
    picker.addPeer('a', Bitfield.full(pieces))
    picker.addPeer('b', field([4, 5, 6]))
    expect(picked(picker.pick('a', 5))).toEqual([4, 5, 6, 7, 8])
    picker.release('a', { piece: 5, block: 0 })
    expect(picked(picker.pick('b', 5))).toEqual([5])
  })

  test('there are no random first pieces', () => {
    const picker = new Picker({ pieceCount: 9, blocksIn: () => 1, random: seededRandom(1) })
    picker.setOrder('sequential')
    picker.addPeer('a', Bitfield.full(9))
    expect(picked(picker.pick('a', 3))).toEqual([0, 1, 2])
  })
})

describe('a deadline', () => {
  test('puts a piece before all others, the soonest first', () => {
    const picker = pickerOf()
    picker.addPeer('a', Bitfield.full(pieces))
    picker.setDeadline(9, 50_000)
    picker.setDeadline(7, 40_000)
    picker.setDeadline(8, 60_000)
    picker.setDeadline(8, undefined)
    expect(picked(picker.pick('a', 2))).toEqual([7, 9])
  })

  test('that is near has blocks asked of others too, three in all, and not before', () => {
    const picker = pickerOf()
    for (const peer of ['a', 'b', 'c', 'd']) picker.addPeer(peer, field([7]))
    picker.setDeadline(7, 10_000)
    expect(picked(picker.pick('a', 1))).toEqual([7])
    const { late } = limits.picker
    expect(picker.pick('b', 1, { now: 10_000 - late - 1 })).toEqual([])
    const now = 10_000 - late
    const rest = ['b', 'c', 'd'].map((peer) => picked(picker.pick(peer, 1, { now })))
    expect(rest).toEqual([[7], [7], []])
    expect(picker.received('b', { piece: 7, block: 0 })).toEqual(['a', 'c'])
    picker.check()
  })

  test('is not left to a snubbed peer', () => {
    const picker = pickerOf()
    picker.addPeer('a', Bitfield.full(pieces))
    picker.addPeer('b', field([4]))
    picker.setDeadline(7, 0)
    expect(picked(picker.pick('a', 1, { now: 0, snubbed: true }))).toEqual([4])
  })
})

describe('a snubbed peer', () => {
  test('is asked for the commonest pieces', () => {
    const picker = pickerOf()
    picker.addPeer('slow', field([5, 6, 7]))
    picker.addPeer('b', field([6, 7]))
    picker.addPeer('c', field([7]))
    expect(picked(picker.pick('slow', 3, { snubbed: true }))).toEqual([7, 6, 5])
  })
})

describe('a peer that no longer has a piece', () => {
  test('is not asked for it, and is not counted', () => {
    const picker = pickerOf()
    picker.addPeer('a', field([5, 6]))
    expect(picker.peerLost('a', 5)).toBe(true)
    expect(picker.peerLost('a', 5)).toBe(false)
    expect(picker.wantedFrom('a')).toBe(1)
    expect(picked(picker.pick('a', 9))).toEqual([6])
    picker.check()
  })

  test('was a seed, and counts piece by piece from then on', () => {
    const picker = pickerOf()
    picker.addPeer('a', Bitfield.full(pieces))
    picker.peerLost('a', 11)
    picker.check()
    expect(picked(picker.pick('a', 99)).toSorted((a, b) => a - b)).toEqual([4, 5, 6, 7, 8, 9, 10])
    picker.removePeer('a')
    picker.check()
  })
})

describe('peers with many pieces', () => {
  test('are counted as they come and go, one by one or all at once', () => {
    const { sortFrom } = limits.picker
    const random = seededRandom(3)
    const picker = new Picker({ pieceCount: 4 * sortFrom, blocksIn: () => 1, random })
    const some = (count: number): Bitfield => {
      const bits = new Bitfield(4 * sortFrom)
      while (bits.count < count) bits.add(random.below(4 * sortFrom))
      return bits
    }
    for (const [i, count] of [sortFrom - 1, sortFrom, sortFrom + 1, 3 * sortFrom].entries()) {
      picker.addPeer(`${i}`, some(count))
      picker.peerHas(`${i}`, i)
      expect(picker.pick(`${i}`, 2)).toHaveLength(2)
      picker.check()
    }
    for (const peer of ['0', '3', '1', '2']) {
      picker.removePeer(peer)
      picker.prioritize(100, Number(peer))
      picker.check()
    }
  })
})

/** What the picker should do, said as plainly as can be: everything is looked through every time. */
class Naive {
  readonly have = new Set([0, 1, 2, 3])
  readonly begun = new Set<number>()
  readonly peers = new Map<string, Set<number>>()
  readonly priority = Array.from({ length: pieces }, () => 4)
  sequential = false

  /** Pieces of one block: any of the best that wait. */
  best(peer: string, snubbed: boolean): number[] {
    const mine = [...(this.peers.get(peer) ?? [])].filter(
      (piece) => !this.have.has(piece) && !this.begun.has(piece) && this.priority[piece]! > 0
    )
    const ranks = mine.map((piece) => this.#rank(piece, snubbed))
    const best = snubbed ? Math.max(...ranks) : Math.min(...ranks)
    return mine.filter((piece) => this.#rank(piece, snubbed) === best)
  }

  wanted(peer: string): number {
    const mine = [...(this.peers.get(peer) ?? [])]
    return mine.filter((piece) => !this.have.has(piece) && this.priority[piece]! > 0).length
  }

  #rank(piece: number, snubbed: boolean): number {
    if (this.sequential && !snubbed) return piece
    // whoever had everything when it came counts for all alike
    const having = [...this.peers.values()].filter(
      (set) => set.has(piece) && set.size < pieces
    ).length
    return (having + 1) * (8 - this.priority[piece]!)
  }
}

describe('whatever happens', () => {
  const peer = fc.constantFrom('a', 'b', 'c')
  const piece = fc.integer({ min: 4, max: pieces - 2 })
  const step = fc.oneof(
    fc.record({ do: fc.constant('join' as const), peer, set: fc.uniqueArray(piece) }),
    fc.record({ do: fc.constant('seed' as const), peer }),
    fc.record({ do: fc.constant('leave' as const), peer }),
    fc.record({ do: fc.constantFrom('has' as const, 'lost' as const), peer, piece }),
    fc.record({ do: fc.constant('priority' as const), piece, priority: fc.nat(7) }),
    fc.record({ do: fc.constant('order' as const), sequential: fc.boolean() }),
    fc.record({ do: fc.constant('pick' as const), peer, snubbed: fc.boolean() })
  )

  test('the picker picks what a naive one would', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const [picker, naive] = [pickerOf(), new Naive()]
        for (const it of steps) {
          if (it.do === 'join' && !naive.peers.has(it.peer)) {
            naive.peers.set(it.peer, new Set(it.set))
            picker.addPeer(it.peer, field(it.set))
          }
          if (it.do === 'seed' && !naive.peers.has(it.peer)) {
            naive.peers.set(it.peer, new Set(Array.from({ length: pieces }, (_, i) => i)))
            picker.addPeer(it.peer, Bitfield.full(pieces))
          }
          if (it.do === 'leave' && naive.peers.delete(it.peer)) picker.removePeer(it.peer)
          if (it.do === 'has' && naive.peers.has(it.peer)) {
            naive.peers.get(it.peer)!.add(it.piece)
            picker.peerHas(it.peer, it.piece)
          }
          if (it.do === 'lost' && naive.peers.has(it.peer)) {
            const had = naive.peers.get(it.peer)!.delete(it.piece)
            expect(picker.peerLost(it.peer, it.piece)).toBe(had)
          }
          if (it.do === 'priority' && !naive.begun.has(it.piece)) {
            naive.priority[it.piece] = it.priority
            picker.prioritize(it.piece, it.priority)
          }
          if (it.do === 'order') {
            naive.sequential = it.sequential
            picker.setOrder(it.sequential ? 'sequential' : 'rarest-first')
          }
          if (it.do === 'pick') {
            const best = naive.best(it.peer, it.snubbed)
            const [ref] = picker.pick(it.peer, 1, { snubbed: it.snubbed })
            if (best.length === 0) expect(ref).toBeUndefined()
            else expect(best).toContain(ref?.piece)
            if (ref != null) naive.begun.add(ref.piece)
          }
          picker.check()
          for (const key of naive.peers.keys()) {
            expect(picker.wantedFrom(key)).toBe(naive.wanted(key))
          }
        }
      }),
      { numRuns: 300 }
    )
  })
})
