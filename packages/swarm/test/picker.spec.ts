import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Bitfield } from '../src/core/bitfield.ts'
import { Picker, type BlockRef } from '../src/core/picker/picker.ts'
import { limits } from '../src/limits.ts'
import { seededRandom } from '@peerage/testbed'

function field(length: number, pieces: Iterable<number>): Bitfield {
  const bits = new Bitfield(length)
  for (const piece of pieces) bits.add(piece)
  return bits
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

/** A picker with some pieces already there, so that rarest first has begun. */
function pickerOf(
  init: {
    pieces?: number
    blocks?: number
    have?: number[]
    seed?: number
    forget?: (piece: number) => void
  } = {}
): Picker {
  const { pieces = 20, blocks = 4, have = [0, 1, 2, 3], seed = 1, forget } = init
  return new Picker({
    pieceCount: pieces,
    blocksIn: () => blocks,
    random: seededRandom(seed),
    have: field(pieces, have),
    ...(forget && { forget })
  })
}

/** Takes every block of a piece from a peer. */
function finish(picker: Picker, peer: string, refs: BlockRef[]): void {
  for (const ref of refs) picker.received(peer, ref)
  for (const piece of new Set(refs.map((ref) => ref.piece))) {
    if (picker.isWhole(piece)) picker.verified(piece)
  }
}

describe('a picker', () => {
  test('asks for the rarest piece first', () => {
    const picker = pickerOf()
    picker.addPeer(
      'all-but-9',
      field(
        20,
        upTo(20).filter((piece) => piece !== 9)
      )
    )
    picker.addPeer('some', field(20, [7, 8, 9, 10]))
    expect(picker.pick('some', 4).map(({ piece }) => piece)).toEqual([9, 9, 9, 9])
  })

  test('breaks ties at random', () => {
    const first = (seed: number): number => {
      const picker = pickerOf({ seed })
      picker.addPeer('seed', Bitfield.full(20))
      return picker.pick('seed', 1)[0]!.piece
    }
    expect(new Set(upTo(200).map(first)).size).toBe(16)
  })

  test('goes on with a begun piece before it begins one that is equally rare', () => {
    const picker = pickerOf()
    for (const peer of ['a', 'b']) picker.addPeer(peer, Bitfield.full(20))
    const [{ piece }] = picker.pick('a', 2) as [BlockRef, BlockRef]
    expect(picker.pick('b', 2)).toEqual([
      { piece, block: 2 },
      { piece, block: 3 }
    ])
    expect(picker.begun).toBe(1)
  })

  test('begins a rarer piece before it goes on with a begun one', () => {
    const picker = pickerOf({ pieces: 6, have: [0, 1, 2, 3] })
    picker.addPeer('a', field(6, [4]))
    picker.addPeer('b', field(6, [4, 5]))
    expect(picker.pick('a', 1)).toEqual([{ piece: 4, block: 0 }])
    expect(picker.pick('b', 1)).toEqual([{ piece: 5, block: 0 }])
  })

  test('finishes begun pieces first when there are too many of them', () => {
    const picker = pickerOf({ pieces: 12, have: [0, 1, 2, 3] })
    // rarer pieces come up one after another, and each is begun
    for (const [i, piece] of [4, 5, 6, 7].entries()) {
      picker.addPeer(`p${i}`, field(12, [piece]))
      picker.pick(`p${i}`, 1)
      picker.removePeer(`p${i}`)
    }
    expect(picker.begun).toBe(4)
    picker.addPeer('x', field(12, upTo(12)))
    expect([4, 5, 6, 7]).toContain(picker.pick('x', 4)[0]!.piece)
    expect(picker.begun).toBe(4)
  })

  test('takes its first pieces at random, one after another', () => {
    const order = (seed: number): number[] => {
      const picker = pickerOf({ have: [], seed })
      // piece 0 is rare, and still not first
      picker.addPeer('seed', Bitfield.full(20))
      picker.addPeer('other', field(20, upTo(20).slice(1)))
      return upTo(4).map(() => {
        const refs = picker.pick('seed', 4)
        finish(picker, 'seed', refs)
        return refs[0]!.piece
      })
    }
    const orders = upTo(30).map(order)
    expect(new Set(orders.map(([first]) => first)).size).toBeGreaterThan(10)
    for (const pieces of orders) expect(new Set(pieces).size).toBe(4)
  })

  test('asks a peer only for what it has', () => {
    const picker = pickerOf()
    picker.addPeer('one', field(20, [6]))
    expect(picker.pick('one', 10).map(({ piece }) => piece)).toEqual([6, 6, 6, 6])
    expect(picker.pick('one', 10)).toEqual([])
    expect(picker.pick('nobody', 10)).toEqual([])
  })

  test('gives blocks back that a peer will not send', () => {
    const picker = pickerOf({ pieces: 5, have: [0, 1, 2, 3] })
    for (const peer of ['a', 'b']) picker.addPeer(peer, Bitfield.full(5))
    for (const ref of picker.pick('a', 4)) picker.release('a', ref)
    expect(picker.pick('b', 10)).toHaveLength(4)
  })

  test('takes a block that comes after it was given up', () => {
    const picker = pickerOf({ pieces: 5, have: [0, 1, 2, 3] })
    picker.addPeer('a', Bitfield.full(5))
    const [ref] = picker.pick('a', 1) as [BlockRef]
    picker.release('a', ref)
    expect(picker.received('a', ref)).toEqual([])
    expect(picker.received('a', ref)).toBeUndefined()
    picker.check()
  })

  test('counts exactly what a peer has for us', () => {
    const picker = pickerOf()
    picker.addPeer('a', field(20, [0, 1, 5, 6]))
    expect(picker.wantedFrom('a')).toBe(2)
    picker.peerHas('a', 7)
    picker.peerHas('a', 7)
    expect(picker.wantedFrom('a')).toBe(3)
    const refs = picker.pick('a', 12)
    expect(picker.wantedFrom('a')).toBe(3)
    finish(picker, 'a', refs)
    expect(picker.wantedFrom('a')).toBe(0)
  })
})

describe('in the endgame', () => {
  test('a busy block goes to at most two peers more, and to none while one is free', () => {
    const picker = pickerOf({ pieces: 5, blocks: 2, have: [0, 1, 2, 3] })
    const peers = ['a', 'b', 'c', 'd']
    for (const peer of peers) picker.addPeer(peer, Bitfield.full(5))
    expect(picker.pick('a', 1)).toHaveLength(1)
    expect(picker.pickBusy('b')).toBeUndefined()
    expect(picker.pick('a', 1)).toHaveLength(1)
    const busy = upTo(5).map(() => picker.pickBusy('b'))
    expect(busy).toEqual([
      { piece: 4, block: 0 },
      { piece: 4, block: 1 },
      ...upTo(3).map(() => undefined)
    ])
    expect(picker.pickBusy('c')).toEqual({ piece: 4, block: 0 })
    expect(picker.pickBusy('d')).toEqual({ piece: 4, block: 1 })
    expect(picker.pickBusy('d')).toBeUndefined()
    expect(limits.picker.requesters).toBe(3)
    expect(picker.received('b', { piece: 4, block: 0 })).toEqual(['a', 'c'])
    picker.check()
  })

  test('a piece nobody has does not keep it from beginning', () => {
    const picker = pickerOf({ pieces: 6, blocks: 1, have: [0, 1, 2, 3] })
    for (const peer of ['a', 'b']) picker.addPeer(peer, field(6, [4]))
    picker.pick('a', 1)
    expect(picker.pickBusy('b')).toEqual({ piece: 4, block: 0 })
  })
})

describe('a piece whose hash was wrong', () => {
  test('is fetched from one peer alone', () => {
    const picker = pickerOf({ pieces: 5, have: [0, 1, 2, 3] })
    for (const peer of ['a', 'b']) picker.addPeer(peer, Bitfield.full(5))
    for (const ref of picker.pick('a', 4)) picker.received('a', ref)
    picker.failed(4)
    expect(picker.pick('a', 2)).toHaveLength(2)
    expect(picker.pick('b', 4)).toEqual([])
    expect(picker.pickBusy('b')).toBeUndefined()
    expect(picker.received('b', { piece: 4, block: 3 })).toBeUndefined()
    expect(picker.pick('a', 4)).toHaveLength(2)
  })

  test('begins anew with another when that peer stops', () => {
    const forgotten: number[] = []
    const picker = pickerOf({
      pieces: 5,
      have: [0, 1, 2, 3],
      forget: (piece) => forgotten.push(piece)
    })
    for (const peer of ['a', 'b']) picker.addPeer(peer, Bitfield.full(5))
    for (const ref of picker.pick('a', 4)) picker.received('a', ref)
    picker.failed(4)
    const [first] = picker.pick('a', 1) as [BlockRef]
    picker.received('a', first)
    picker.abandon('a')
    expect(forgotten).toEqual([4])
    expect(picker.pick('b', 4)).toHaveLength(4)
    picker.check()
  })
})

describe('a suspect', () => {
  const suspect = { parole: true }
  const two = (): Picker => {
    const picker = pickerOf({ pieces: 6, have: [0, 1, 2, 3] })
    for (const peer of ['a', 'b']) picker.addPeer(peer, Bitfield.full(6))
    return picker
  }

  test('has pieces for itself, and no part in those of others', () => {
    const picker = two()
    const [{ piece: others }] = picker.pick('a', 1) as [BlockRef]
    const own = picker.pick('b', 2, suspect)
    expect(own.map(({ piece }) => piece)).not.toContain(others)
    expect(picker.pick('a', 8).map(({ piece }) => piece)).toEqual([others, others, others])
    expect(picker.received('a', { piece: own[0]!.piece, block: 0 })).toBeUndefined()
    expect(picker.pick('b', 8, suspect)).toHaveLength(2)
    expect(picker.pickFrom('b', [others], 4, suspect)).toEqual([])
    picker.check()
  })

  test('goes on with what it alone has begun, and keeps it from then on', () => {
    const picker = two()
    const [{ piece }] = picker.pick('a', 1) as [BlockRef]
    expect(picker.pick('a', 1, suspect)).toEqual([{ piece, block: 1 }])
    expect(picker.pick('b', 8).filter((ref) => ref.piece === piece)).toEqual([])
  })

  test('keeps its piece for half a minute, then others help with it in the endgame', () => {
    const picker = pickerOf({ pieces: 5, have: [0, 1, 2, 3] })
    for (const peer of ['a', 'b']) picker.addPeer(peer, Bitfield.full(5))
    expect(picker.pick('a', 4, { now: 1_000, ...suspect })).toHaveLength(4)
    expect(picker.pickBusy('b', 999 + limits.picker.alone)).toBeUndefined()
    const help = picker.pickBusy('b', 1_000 + limits.picker.alone)
    expect(picker.received('b', help!)).toEqual(['a'])
    picker.check()
  })

  test('begins a piece anew that others have left, when there is nothing else', () => {
    const picker = pickerOf({ pieces: 5, have: [0, 1, 2, 3] })
    for (const peer of ['a', 'b']) picker.addPeer(peer, Bitfield.full(5))
    const [first, second] = picker.pick('a', 2) as [BlockRef, BlockRef]
    picker.received('a', first)
    expect(picker.pick('b', 8, suspect)).toEqual([])
    picker.release('a', second)
    expect(picker.pick('b', 8, suspect)).toHaveLength(4)
    picker.check()
  })
})

describe('memory', () => {
  const blocks = 1_024
  const most = limits.picker.begunBytes / (blocks * limits.wire.block)

  test('holds as many begun pieces as the limit says, and not one more', () => {
    const picker = pickerOf({ pieces: 50, blocks, have: [0, 1, 2, 3] })
    for (let i = 0; i <= most; i++) {
      picker.addPeer(`p${i}`, field(50, [10 + i]))
      expect(picker.pick(`p${i}`, 1), `piece ${i} of ${most}`).toHaveLength(i < most ? 1 : 0)
    }
    expect(picker.begun).toBe(most)
  })

  test('is taken from begun pieces nobody works on, so that none can block the rest', () => {
    const forgotten: number[] = []
    const picker = pickerOf({
      pieces: 50,
      blocks,
      have: [0, 1, 2, 3],
      forget: (piece) => forgotten.push(piece)
    })
    for (let i = 0; i < most; i++) {
      picker.addPeer(`p${i}`, field(50, [10 + i]))
      const [ref] = picker.pick(`p${i}`, 1) as [BlockRef]
      picker.received(`p${i}`, ref)
      picker.removePeer(`p${i}`)
    }
    picker.addPeer('x', field(50, [40]))
    expect(picker.pick('x', 1)).toHaveLength(1)
    expect(forgotten).toEqual([10])
    picker.check()
  })
})

describe('whatever happens', () => {
  test('every invariant holds, and every piece is fetched in the end', () => {
    const peers = ['a', 'b', 'c', 'd']
    const peer = fc.constantFrom(...peers)
    const step = fc.oneof(
      fc.record({ do: fc.constant('join' as const), peer, pieces: fc.uniqueArray(fc.nat(14)) }),
      fc.record({ do: fc.constant('seed' as const), peer }),
      fc.record({ do: fc.constant('leave' as const), peer }),
      fc.record({ do: fc.constant('has' as const), peer, piece: fc.nat(14) }),
      fc.record({
        do: fc.constant('pick' as const),
        peer,
        count: fc.integer({ min: 1, max: 9 }),
        parole: fc.boolean()
      }),
      fc.record({ do: fc.constant('busy' as const), peer }),
      fc.record({ do: fc.constant('receive' as const), peer, good: fc.boolean() }),
      fc.record({ do: fc.constant('choke' as const), peer })
    )
    fc.assert(
      fc.property(fc.nat(), fc.array(step, { maxLength: 120 }), (seed, steps) => {
        const model = new Model(
          new Picker({
            pieceCount: 15,
            blocksIn: (piece) => 1 + (piece % 3),
            random: seededRandom(seed)
          })
        )
        for (const it of steps) {
          model.take(it)
          model.picker.check()
        }
        model.finish()
        expect(model.picker.have.complete).toBe(true)
      }),
      { numRuns: 300 }
    )
  })
})

type Step =
  | { do: 'join'; peer: string; pieces: number[] }
  | { do: 'seed' | 'leave' | 'busy' | 'choke'; peer: string }
  | { do: 'has'; peer: string; piece: number }
  | { do: 'pick'; peer: string; count: number; parole: boolean }
  | { do: 'receive'; peer: string; good: boolean }

/** Uses a picker as the rest of the core does. */
class Model {
  readonly picker: Picker
  readonly #asked = new Map<string, BlockRef[]>()

  constructor(picker: Picker) {
    this.picker = picker
  }

  take(step: Step): void {
    const { peer } = step
    const here = this.picker.piecesOf(peer) != null
    const asked = this.#asked.get(peer) ?? []
    this.#asked.set(peer, asked)
    if (step.do === 'join' && !here) this.picker.addPeer(peer, field(15, step.pieces))
    if (step.do === 'seed' && !here) this.picker.addPeer(peer, Bitfield.full(15))
    if (step.do === 'has' && here) this.picker.peerHas(peer, step.piece)
    if (step.do === 'pick') asked.push(...this.picker.pick(peer, step.count, step))
    if (step.do === 'busy') {
      const ref = this.picker.pickBusy(peer)
      if (ref != null) asked.push(ref)
    }
    if (step.do === 'receive') this.#receive(peer, step.good)
    if (step.do === 'choke' || step.do === 'leave') this.#release(peer)
    if (step.do === 'leave') this.picker.removePeer(peer)
  }

  /** A good seed comes and gives the rest. */
  finish(): void {
    for (const peer of this.#asked.keys()) this.take({ do: 'leave', peer })
    this.take({ do: 'seed', peer: 'last' })
    for (let i = 0; i < 100; i++) {
      this.take({ do: 'pick', peer: 'last', count: 50, parole: i % 2 === 0 })
      while (this.#asked.get('last')!.length > 0) this.#receive('last', true)
    }
  }

  #receive(peer: string, good: boolean): void {
    const ref = this.#asked.get(peer)!.shift()
    if (ref == null) return
    const others = this.picker.received(peer, ref)
    for (const other of others ?? []) {
      const left = this.#asked.get(other)!
      left.splice(
        left.findIndex(({ piece, block }) => piece === ref.piece && block === ref.block),
        1
      )
    }
    if (others == null || !this.picker.isWhole(ref.piece)) return
    if (good) this.picker.verified(ref.piece)
    else this.picker.failed(ref.piece)
  }

  #release(peer: string): void {
    for (const ref of this.#asked.get(peer)!.splice(0)) this.picker.release(peer, ref)
    this.picker.abandon(peer)
  }
}
