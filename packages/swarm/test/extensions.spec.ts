import { describe, expect, test } from 'vitest'
import { encodeBencode } from '../src/codec/bencode-encode.ts'
import {
  decodeDontHave,
  decodeExtendedHandshake,
  encodeExtendedHandshake,
  ourDontHaveId,
  type ExtendedHandshake
} from '../src/codec/extended.ts'
import type { PeerMessage } from '../src/codec/peer-wire.ts'
import { piecePriorities } from '../src/core/picker/priorities.ts'
import type { TorrentAsk } from '../src/core/vocabulary.ts'
import { limits } from '../src/limits.ts'
import { fakeTorrent } from './fake-torrent.ts'
import { Probe, torrent } from './probe.ts'
import { TestSwarm } from './test-swarm.ts'

const { block } = limits.wire

const introduction = (handshake: ExtendedHandshake): PeerMessage => ({
  type: 'extended',
  id: 0,
  payload: encodeExtendedHandshake(handshake)
})
const dontHave = (piece: number): PeerMessage => {
  const payload = new Uint8Array(4)
  new DataView(payload.buffer).setUint32(0, piece)
  return { type: 'extended', id: ourDontHaveId, payload }
}
const drops = (probe: Probe): number =>
  probe.effects.filter((effect) => effect.type === 'drop').length
const said = (probe: Probe): (boolean | undefined)[] =>
  probe
    .sent('extended')
    .filter(({ id }) => id === 0)
    .map(({ payload }) => {
      const handshake = decodeExtendedHandshake(payload)
      return 'uploadOnly' in handshake ? handshake.uploadOnly : undefined
    })

/** Ten pieces: a file of three and a half, one of a half, one of six. */
const album = {
  ...torrent,
  files: [14, 2, 24].map((blocks, i, all) => ({
    path: [`${i}`],
    length: blocks * block,
    offset: all.slice(0, i).reduce((sum, n) => sum + n * block, 0),
    pad: false
  }))
}

describe('upload-only', () => {
  test('is said by who has everything, and not by who lacks something', () => {
    expect(said(new Probe('all').up())).toEqual([true])
    expect(said(new Probe('none').up())).toEqual([false])
    expect(said(new Probe('magnet').up())).toEqual([undefined])
  })

  test('is said as soon as all that is wanted is here, and taken back when more is wanted', () => {
    const probe = new Probe('none').up().says(introduction({}))
    probe.effects = []
    probe.asks({ type: 'prioritize', files: [0] })
    expect(said(probe)).toEqual([true])
    expect(probe.effects).toContainEqual({ type: 'tell', news: { type: 'complete' } })
    probe.asks({ type: 'prioritize', files: [4] })
    expect(said(probe)).toEqual([true, false])
  })

  test('on both sides parts two peers that each lack something', () => {
    const probe = new Probe('none').up().says(introduction({ uploadOnly: true }))
    expect(drops(probe)).toBe(0)
    probe.asks({ type: 'prioritize', files: [0] })
    expect(drops(probe)).toBeGreaterThan(0)
    expect(drops(new Probe('all').up().says(introduction({ uploadOnly: false })))).toBe(0)
    expect(drops(new Probe('all').up().says(introduction({ uploadOnly: true })))).toBe(1)
  })

  test('is 0 or 1 on the wire, and anything else is left out', () => {
    const read = (value: number): unknown =>
      decodeExtendedHandshake(encodeBencode({ upload_only: value }))
    expect(read(1)).toMatchObject({ uploadOnly: true })
    expect(read(0)).toMatchObject({ uploadOnly: false })
    expect(read(2)).toEqual({})
  })
})

describe('a peer that does not have a piece any more', () => {
  const probe = (): Probe => new Probe('none').up().says({ type: 'have', piece: 3 })

  test('is not interesting for it, and is not waited for', () => {
    const lost = probe().says({ type: 'unchoke' })
    expect(lost.sent('request')).toHaveLength(4)
    lost.says(dontHave(3))
    expect(lost.sent('not-interested')).toHaveLength(1)
    lost.up('other').says({ type: 'have-all' }, 'other').says({ type: 'unchoke' }, 'other')
    const open = limits.requests.floor
    expect(lost.sent('request')).toHaveLength(4 + open)
    expect(lost.offence).toBe(0)
  })

  test('may send what crossed with that', () => {
    const lost = probe().says({ type: 'unchoke' }).says(dontHave(3))
    const { piece, begin } = lost.sent('request')[0]!
    lost.says({ type: 'piece', piece, begin, block: new Uint8Array(block) })
    expect(lost.offence).toBe(0)
  })

  test('and never could have, or does not say which, breaks the protocol', () => {
    expect(probe().says(dontHave(torrent.pieceCount)).offence).toBe(limits.trust.breach)
    const payload = new Uint8Array(3)
    expect(decodeDontHave(payload)).toBeInstanceOf(Error)
    const short = probe().says({ type: 'extended', id: ourDontHaveId, payload })
    expect(short.offence).toBe(limits.trust.breach)
  })
})

describe('priorities of files', () => {
  test('are those of their pieces; a piece of two files has the higher one', () => {
    expect([...piecePriorities(album, [7, 1, 0])]).toEqual([7, 7, 7, 7, 0, 0, 0, 0, 0, 0])
    expect([...piecePriorities(album, [0, 1])]).toEqual([0, 0, 0, 1, 4, 4, 4, 4, 4, 4])
  })

  test('leave out padding and files of no length', () => {
    const [first, second, third] = album.files
    const padded = { ...album, files: [first!, { ...second!, pad: true }, third!] }
    expect([...piecePriorities(padded, [0, 7, 4])].slice(0, 5)).toEqual([0, 0, 0, 0, 4])
    const empty = { ...album, files: [{ ...first!, length: 0 }, third!] }
    expect([...piecePriorities(empty, [7, 4])].slice(0, 5)).toEqual([0, 0, 0, 0, 4])
  })

  test('take back what was asked for and is not wanted any more', () => {
    const probe = new Probe('none', { torrent: album }).up().says({ type: 'have-all' })
    probe.says({ type: 'unchoke' })
    const asked = probe.sent('request')
    probe.asks({ type: 'prioritize', files: [0, 0, 0] })
    expect(probe.sent('cancel')).toHaveLength(asked.length)
    expect(probe.sent('not-interested')).toHaveLength(1)
  })

  test('that were given before the torrent was known hold when it is', () => {
    const swarm = new TestSwarm()
    const leecher = swarm.add('leecher', 'magnet')
    swarm.world.ask('leecher', { type: 'prioritize', files: [0] } satisfies TorrentAsk)
    swarm.world.ask('leecher', { type: 'order', order: 'sequential' } satisfies TorrentAsk)
    swarm.connect(leecher, swarm.add('seed', 'all'))
    swarm.run(() => leecher.progress.state === 'seeding')
    expect(leecher.progress).toMatchObject({ pieces: 0, timeLeft: 0 })
    expect(leecher.news.filter((news) => news.type === 'complete')).toHaveLength(1)
  })
})

describe('in sequence', () => {
  test('the pieces come as they lie, and one with a deadline before', () => {
    const probe = new Probe('none').asks({ type: 'order', order: 'sequential' })
    probe.asks({ type: 'deadline', piece: 8, at: 5_000 })
    probe.up().says({ type: 'have-all' }).says({ type: 'unchoke' })
    const pieces = probe.sent('request').map(({ piece }) => piece)
    expect(pieces).toEqual([8, 8, 8, 8, 0, 0, 0, 0])
  })
})

describe('a short last piece', () => {
  test('counts for as many bytes as it has', () => {
    const short = fakeTorrent({ length: 5 * block + 100, pieceLength: block })
    const probe = new Probe('none', { torrent: short })
    probe.up().says({ type: 'have-all' }).says({ type: 'unchoke' })
    expect(probe.core.progress(0).timeLeft).toBe(Infinity)
    const { piece, begin } = probe.sent('request').find((asked) => asked.length === block)!
    probe.says({ type: 'piece', piece, begin, block: new Uint8Array(block) })
    const { timeLeft, downRate } = probe.core.progress(0)
    expect(Math.round((timeLeft * downRate) / 1_000)).toBe(5 * block + 100)
  })
})
