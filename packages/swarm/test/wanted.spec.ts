import { seededRandom } from '@peerage/testbed'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Bitfield } from '../src/core/bitfield.ts'
import { Picker } from '../src/core/picker/picker.ts'
import { Wanted } from '../src/core/picker/wanted.ts'
import { limits } from '../src/limits.ts'
import { fakeTorrent } from './fake-torrent.ts'
import { Probe } from './probe.ts'

const { block } = limits.wire
const { aheadPieces, apart } = limits.stream

/** Pieces of one block in two files, the second of which begins in the middle of a piece. */
function albumOf(pieces: number, first: number) {
  const whole = fakeTorrent({ length: pieces * block - 100, pieceLength: block })
  const edge = Math.round(first * block)
  const files = [
    { path: ['a'], offset: 0, length: edge, pad: false },
    { path: ['b'], offset: edge, length: whole.length - edge, pad: false }
  ]
  return { ...whole, files }
}

function wantedOf(torrent = albumOf(10, 4.5), have = new Bitfield(torrent.pieceCount)) {
  const { pieceCount } = torrent
  const picker = new Picker({ pieceCount, blocksIn: () => 1, random: seededRandom(1), have })
  picker.addPeer('a', Bitfield.full(pieceCount))
  return { torrent, picker, wanted: new Wanted(torrent, picker) }
}

function verify({ picker, wanted }: ReturnType<typeof wantedOf>, piece: number): void {
  picker.verified(piece)
  wanted.stored(piece)
}

describe('what is wanted', () => {
  test('is everything at first, in bytes, and a piece less with each that comes', () => {
    const it = wantedOf()
    const { length } = it.torrent
    expect([it.wanted.total, it.wanted.left]).toEqual([length, length])
    verify(it, 9)
    expect([it.wanted.total, it.wanted.left]).toEqual([length, length - block + 100])
  })

  test('is what the chosen files need, whole pieces of it', () => {
    const it = wantedOf()
    it.wanted.prioritize([4, 0])
    expect([it.wanted.total, it.wanted.left, it.picker.left]).toEqual([5 * block, 5 * block, 5])
    it.wanted.prioritize([0, 4])
    expect(it.wanted.total).toBe(6 * block - 100)
  })

  test('and came before it was, counts at once', () => {
    const it = wantedOf()
    it.wanted.prioritize([4, 0])
    verify(it, 7)
    expect(it.wanted.left).toBe(5 * block)
    it.wanted.prioritize([0, 4])
    expect(it.wanted.left).toBe(5 * block - 100)
  })

  test('is counted right, whatever is chosen, read and verified', () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant('files' as const),
        files: fc.array(fc.nat(7), { maxLength: 2 })
      }),
      fc.record({ do: fc.constant('read' as const), reader: fc.nat(2), piece: fc.nat(9) }),
      fc.record({ do: fc.constant('leave' as const), reader: fc.nat(2) }),
      fc.record({ do: fc.constant('verify' as const), piece: fc.nat(9) })
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const it = wantedOf()
        for (const [now, step] of steps.entries()) {
          if (step.do === 'files') it.wanted.prioritize(step.files)
          if (step.do === 'read') it.wanted.apply(now, { type: 'read', ...step, last: 9 })
          if (step.do === 'leave') it.wanted.apply(now, { type: 'leave', ...step })
          if (step.do === 'verify' && !it.picker.have.has(step.piece)) verify(it, step.piece)
          it.picker.check()
          const wants = Array.from({ length: 10 }, (_, i) => i).filter((i) => it.picker.wants(i))
          const sum = (pieces: number[]): number =>
            pieces.reduce((bytes, piece) => bytes + it.torrent.pieceSize(piece), 0)
          const lacking = wants.filter((piece) => !it.picker.have.has(piece))
          expect([it.wanted.total, it.wanted.left]).toEqual([sum(wants), sum(lacking)])
        }
      })
    )
  })
})

describe('a reader', () => {
  const picks = ({ picker }: ReturnType<typeof wantedOf>, count: number): number[] =>
    picker.pick('a', count).map(({ piece }) => piece)

  test('has what it reads next before all else, in order, until it leaves', () => {
    const it = wantedOf()
    it.wanted.apply(0, { type: 'read', reader: 1, piece: 6, last: 8 })
    expect(picks(it, 2)).toEqual([6, 7])
    it.wanted.apply(0, { type: 'leave', reader: 1 })
    it.picker.setOrder('sequential')
    expect(picks(it, 2)).toEqual([0, 1])
  })

  test('gets what nobody has chosen, and no more than it reads', () => {
    const it = wantedOf()
    it.wanted.prioritize([0, 0])
    it.wanted.apply(0, { type: 'read', reader: 1, piece: 6, last: 8 })
    it.wanted.apply(0, { type: 'read', reader: 2, piece: 8, last: 9 })
    expect(picks(it, 9)).toEqual([6, 8, 7, 9])
    it.wanted.apply(0, { type: 'leave', reader: 1 })
    expect(it.wanted.total).toBe(2 * block - 100)
    it.wanted.apply(0, { type: 'leave', reader: 2 })
    it.wanted.apply(0, { type: 'leave', reader: 2 })
    expect([it.wanted.total, it.wanted.left, it.picker.left]).toEqual([0, 0, 0])
  })

  test('that moves on leaves behind what it hurried, and another reader keeps its own', () => {
    const it = wantedOf()
    it.picker.setOrder('sequential')
    it.wanted.apply(0, { type: 'read', reader: 1, piece: 5, last: 5 })
    it.wanted.apply(0, { type: 'read', reader: 2, piece: 5, last: 5 })
    it.wanted.apply(0, { type: 'leave', reader: 1 })
    expect(picks(it, 1)).toEqual([5])
    it.wanted.apply(0, { type: 'leave', reader: 2 })
    expect(picks(it, 1)).toEqual([0])
  })

  test('hurries so many pieces and no more', () => {
    const it = wantedOf(albumOf(aheadPieces + 20, 0.5))
    it.wanted.apply(0, { type: 'read', reader: 1, piece: 10, last: aheadPieces + 19 })
    const ahead = Array.from({ length: aheadPieces }, (_, i) => 10 + i)
    expect(picks(it, aheadPieces)).toEqual(ahead)
    it.picker.setOrder('sequential')
    expect(picks(it, 1)).toEqual([0])
  })

  test('that waits too long has what it waits for asked of others as well', () => {
    const it = wantedOf()
    it.picker.addPeer('b', Bitfield.full(10))
    it.wanted.prioritize([0, 0])
    it.wanted.apply(0, { type: 'read', reader: 1, piece: 5, last: 5 })
    expect(picks(it, 9)).toEqual([5])
    expect(it.picker.pick('b', 9, { now: apart - 1 })).toEqual([])
    expect(it.picker.pick('b', 9, { now: apart })).toEqual([{ piece: 5, block: 0 }])
  })

  test('makes a torrent that was finished go on, and it is finished again', () => {
    const probe = new Probe('none').up().says({ type: 'have-all' }).says({ type: 'unchoke' })
    const told = (): string[] =>
      probe.effects.flatMap((effect) =>
        effect.type === 'tell' && effect.news.type !== 'progress' ? [effect.news.type] : []
      )
    probe.asks({ type: 'prioritize', files: [0] })
    expect(told()).toEqual(['complete'])
    expect(probe.core.finished).toBe(true)
    probe.effects = []
    probe.asks({ type: 'read', reader: 1, piece: 2, last: 2 })
    expect(told()).toEqual(['incomplete'])
    expect(probe.core.progress(0)).toMatchObject({ wanted: 4 * block, left: 4 * block })
    for (const { piece, begin } of probe.sent('request')) {
      probe.says({ type: 'piece', piece, begin, block: new Uint8Array(block) })
    }
    expect(probe.sent('request').every(({ piece }) => piece === 2)).toBe(true)
    probe.done(probe.jobs[0]!.job, { type: 'stored' })
    expect(told()).toEqual(['incomplete', 'piece', 'complete'])
    probe.effects = []
    probe.asks({ type: 'leave', reader: 1 })
    expect(told()).toEqual([])
    expect(probe.core.progress(0)).toMatchObject({ wanted: 0, bytes: 4 * block })
  })
})

test('an unwanted piece that was whole already completes nothing', () => {
  const probe = new Probe('none').up().says({ type: 'have', piece: 3 }).says({ type: 'unchoke' })
  for (const { piece, begin } of probe.sent('request')) {
    probe.says({ type: 'piece', piece, begin, block: new Uint8Array(block) })
  }
  probe.asks({ type: 'prioritize', files: [0] })
  probe.done(probe.jobs[0]!.job, { type: 'stored' })
  const complete = probe.effects.filter(
    (effect) => effect.type === 'tell' && effect.news.type === 'complete'
  )
  expect(complete).toHaveLength(1)
  expect(probe.core.have!.has(3)).toBe(true)
})
