import { describe, expect, test } from 'vitest'
import { encodeExtendedHandshake, encodeMetadata, ourMetadataId } from '../src/codec/extended.ts'
import { ourReserved } from '../src/codec/handshake.ts'
import type { PeerMessage } from '../src/codec/peer-wire.ts'
import { Bitfield } from '../src/core/bitfield.ts'
import { limits } from '../src/limits.ts'
import { fakeTorrent, noise } from './fake-torrent.ts'
import { Probe, torrent } from './probe.ts'

const block = limits.wire.block

const bits = (): Uint8Array => Bitfield.full(torrent.pieceCount).toBytes()
const request = (piece: number, begin = 0, length: number = block): PeerMessage => ({
  type: 'request',
  piece,
  begin,
  length
})
const piece = (index: number, begin: number, length: number = block): PeerMessage => ({
  type: 'piece',
  piece: index,
  begin,
  block: new Uint8Array(length)
})

describe('a peer that breaks the protocol is charged enough to be dropped', () => {
  const other = { infoHash: noise(20, 99), peerId: noise(20), reserved: ourReserved() }
  test.each<[string, () => Probe]>([
    [
      'another torrent than we asked for',
      () => new Probe('none').up().says({ type: 'handshake', ...other })
    ],
    [
      'a bitfield of the wrong length',
      () => new Probe('none').up().says({ type: 'bitfield', bits: new Uint8Array(3) })
    ],
    [
      'a bitfield with spare bits',
      () => new Probe('none').up().says({ type: 'bitfield', bits: Uint8Array.of(0xff, 0xff) })
    ],
    [
      'a second bitfield',
      () =>
        new Probe('none')
          .up()
          .says({ type: 'bitfield', bits: bits() })
          .says({ type: 'bitfield', bits: bits() })
    ],
    [
      'a bitfield after a have',
      () =>
        new Probe('none')
          .up()
          .says({ type: 'have', piece: 1 })
          .says({ type: 'bitfield', bits: bits() })
    ],
    ['a piece that is none', () => new Probe('none').up().says({ type: 'have', piece: 10 })],
    ['a request for a piece that is none', () => new Probe('all').up().says(request(10))],
    ['a request for more than 16 KiB', () => new Probe('all').up().says(request(0, 0, block + 1))],
    ['a request for nothing', () => new Probe('all').up().says(request(0, 0, 0))],
    [
      'a request beyond the end of a piece',
      () => new Probe('all').up().says(request(0, 3 * block + 1))
    ],
    ['a request for what we do not have', () => new Probe('none').up().says(request(0))],
    [
      'an extended handshake that is no dictionary',
      () => new Probe('none').up().says({ type: 'extended', id: 0, payload: new Uint8Array(3) })
    ],
    [
      'a metadata message that is no dictionary',
      () =>
        new Probe('none')
          .up()
          .says({ type: 'extended', id: ourMetadataId, payload: new Uint8Array(3) })
    ]
  ])('%s', (_, probe) => {
    expect(probe().offence).toBeGreaterThanOrEqual(limits.trust.breach)
  })

  test('a block of another length than was asked for', () => {
    const probe = new Probe('none')
      .up()
      .says({ type: 'bitfield', bits: bits() })
      .says({ type: 'unchoke' })
    const [first] = probe.sent('request')
    probe.says(piece(first!.piece, first!.begin, block - 1))
    expect(probe.offence).toBe(limits.trust.breach)
  })

  test('requests while it is choked, beyond those that may have been on their way', () => {
    const probe = new Probe('all').up()
    for (let i = 0; i < limits.uploads.queue + limits.uploads.refusals; i++) probe.says(request(0))
    expect(probe.offence).toBe(0)
    expect(probe.says(request(0)).offence).toBe(limits.trust.breach)
  })

  test('extended messages, more than anybody has to say', () => {
    const probe = new Probe('none').up()
    const idle: PeerMessage = { type: 'extended', id: 77, payload: new Uint8Array(0) }
    for (let i = 0; i < limits.wire.talk.capacity; i++) probe.says(idle)
    expect(probe.offence).toBe(0)
    expect(probe.says(idle).offence).toBe(limits.trust.unasked)
    probe.wait(1_000).effects = []
    for (let i = 0; i < limits.wire.talk.perSecond; i++) probe.says(idle)
    expect(probe.offence).toBe(0)
  })

  test('blocks nobody asked for, five of them', () => {
    const probe = new Probe('none').up().says({ type: 'bitfield', bits: bits() })
    for (let i = 0; i < 4; i++) probe.says(piece(i, 0))
    expect(probe.offence).toBeLessThan(limits.trust.breach)
    probe.says(piece(4, 0))
    expect(probe.offence).toBeGreaterThanOrEqual(limits.trust.breach)
    expect(probe.jobs).toEqual([])
  })
})

describe('where a file of version 2 ends', () => {
  /** Its last piece has a block and a half. */
  const long = fakeTorrent({ length: 5.5 * block, pieceLength: 4 * block })
  const seed = (version: 1 | 2): Probe =>
    new Probe('none', { torrent: { ...long, version }, have: Bitfield.full(2) })
      .up()
      .says({ type: 'interested' })

  test('a whole block may be asked for, as libtorrent does, and the rest of it is zeros', () => {
    const probe = seed(2).says(request(1, block))
    const [read] = probe.jobs
    expect(read).toMatchObject({ work: { piece: 1, begin: block, length: block / 2 } })
    const bytes = noise(block / 2)
    probe.done(read!.job, { type: 'read', bytes })
    const whole = new Uint8Array(block)
    whole.set(bytes)
    expect(probe.sent('piece')).toEqual([{ type: 'piece', piece: 1, begin: block, block: whole }])
    expect(probe.offence).toBe(0)
  })

  test.each<[string, 1 | 2, PeerMessage]>([
    ['a block that begins behind it', 2, request(1, 1.5 * block)],
    ['more than a piece', 2, request(0, 3 * block + 1)],
    ['as much in version 1', 1, request(1, block)]
  ])('%s may not', (_, version, asked) => {
    expect(seed(version).says(asked).offence).toBe(limits.trust.breach)
  })
})

describe('what honest peers may do by bad timing costs them nothing', () => {
  test('a block that crosses with a cancel', () => {
    const probe = new Probe('none')
    for (const peer of ['a', 'b']) {
      probe.up(peer).says({ type: 'bitfield', bits: bits() }, peer)
    }
    probe.says({ type: 'unchoke' }, 'a')
    const asked = probe.sent('request')
    probe.wait(2 * limits.requests.firstTimeout)
    expect(probe.sent('cancel').length).toBeGreaterThanOrEqual(asked.length)
    for (const { piece: index, begin } of asked) probe.says(piece(index, begin), 'a')
    expect(probe.offence).toBe(0)
  })

  test('all the answers at once after a silence in which we asked several times', () => {
    const probe = new Probe('none')
      .up()
      .says({ type: 'bitfield', bits: bits() })
      .says({ type: 'unchoke' })
      .wait(20 * limits.requests.firstTimeout)
    const asked = probe.sent('request')
    const different = new Set(asked.map((one) => `${one.piece} ${one.begin}`))
    expect(different.size).toBeLessThan(asked.length)
    for (const { piece: index, begin } of asked) probe.says(piece(index, begin))
    expect(probe.offence).toBe(0)
  })

  test('blocks that come after a choke', () => {
    const probe = new Probe('none')
      .up()
      .says({ type: 'bitfield', bits: bits() })
      .says({ type: 'unchoke' })
    const asked = probe.sent('request')
    probe.says({ type: 'choke' })
    for (const { piece: index, begin } of asked) probe.says(piece(index, begin))
    expect(probe.offence).toBe(0)
    expect(probe.jobs).toHaveLength(2)
  })

  test('a request that crosses with our choke', () => {
    const probe = new Probe('all').up().says(request(0))
    expect(probe.offence).toBe(0)
    expect(probe.jobs).toEqual([])
  })

  test('messages of later BEPs', () => {
    const probe = new Probe('none')
      .up()
      .says({ type: 'unknown', id: 99 })
      .says({ type: 'extended', id: 77, payload: new Uint8Array(0) })
    expect(probe.offence).toBe(0)
  })
})

describe('a peer that takes', () => {
  const asking = (): Probe => new Probe('all').up().says({ type: 'interested' })

  test('is unchoked at once when there is a free slot, and given what it asks for', () => {
    const probe = asking()
    expect(probe.sent('unchoke')).toHaveLength(1)
    probe.says(request(0)).says(request(0, block))
    const [job] = probe.jobs
    expect(job!.work).toEqual({ type: 'read', piece: 0, begin: 0, length: block })
    probe.done(job!.job, { type: 'read', bytes: new Uint8Array(block) })
    expect(probe.sent('piece')).toHaveLength(1)
  })

  test('has neighbouring requests read as one', () => {
    const probe = asking()
    probe.slow(true)
    for (let i = 0; i < 4; i++) probe.says(request(0, i * block))
    expect(probe.jobs).toEqual([])
    probe.slow(false)
    expect(probe.jobs.map(({ work }) => work)).toEqual([
      { type: 'read', piece: 0, begin: 0, length: 4 * block }
    ])
    probe.done(probe.jobs[0]!.job, { type: 'read', bytes: new Uint8Array(4 * block) })
    expect(probe.sent('piece').map(({ begin }) => begin)).toEqual(
      [0, 1, 2, 3].map((i) => i * block)
    )
  })

  test('is read for no further ahead than its channel takes', () => {
    const probe = asking()
    for (let i = 0; i < 10; i++) probe.says(request(i))
    expect(probe.jobs).toHaveLength(limits.uploads.reads)
    probe.slow(true)
    for (const { job } of probe.jobs)
      probe.done(job, { type: 'read', bytes: new Uint8Array(block) })
    expect(probe.jobs).toHaveLength(limits.uploads.reads)
  })

  test('keeps 250 requests waiting and no more', () => {
    const probe = asking().slow(true)
    for (let i = 0; i < 300; i++) probe.says(request(i % 10, 0, 1 + i))
    probe.effects = []
    probe.slow(false)
    for (let served = 0; ; served++) {
      const job = probe.jobs[0]
      if (job == null) {
        expect(served).toBe(limits.uploads.queue)
        return
      }
      const { length } = job.work as { length: number }
      probe.effects = probe.effects.filter((effect) => effect !== job)
      probe.done(job.job, { type: 'read', bytes: new Uint8Array(length) })
    }
  })

  test('is not given what it has cancelled', () => {
    const probe = asking()
      .slow(true)
      .says(request(0))
      .says({ ...request(0), type: 'cancel' } as PeerMessage)
    probe.slow(false)
    expect(probe.jobs).toEqual([])
  })

  test('is dropped when its pieces cannot be read, for it would wait in vain', () => {
    const probe = asking().says(request(0))
    probe.done(probe.jobs[0]!.job, { type: 'failed', error: new Error('input/output error') })
    expect(probe.effects).toContainEqual({
      type: 'drop',
      peer: 'peer',
      reason: 'cannot read: input/output error'
    })
  })

  test('has each piece of metadata a few times and no more', () => {
    const probe = asking().says({
      type: 'extended',
      id: 0,
      payload: encodeExtendedHandshake({ metadataId: 5 })
    })
    probe.effects = []
    const most = limits.metadata.copies * 2
    const ask = encodeMetadata({ type: 'request', piece: 0 })
    for (let i = 0; i <= most; i++)
      probe.says({ type: 'extended', id: ourMetadataId, payload: ask })
    const sizes = probe.sent('extended').map(({ id, payload }) => [id, payload.length > 1_000])
    expect(sizes).toEqual([...Array.from({ length: most }, () => [5, true]), [5, false]])
  })
})

describe('a peer that gives metadata', () => {
  const size = torrent.info.byteLength
  const offering = (claimed = size): Probe =>
    new Probe('magnet').up().says({
      type: 'extended',
      id: 0,
      payload: encodeExtendedHandshake({ metadataId: 1, metadataSize: claimed })
    })
  const data = (index: number, bytes: Uint8Array, claimed = size): PeerMessage => ({
    type: 'extended',
    id: ourMetadataId,
    payload: encodeMetadata({ type: 'data', piece: index, size: claimed, bytes })
  })

  test('is checked before it is believed', () => {
    const probe = offering()
    probe.says(data(0, torrent.info.slice(0, block))).says(data(1, torrent.info.slice(block)))
    expect(probe.core.torrent).toBeUndefined()
    const [job] = probe.jobs
    expect(job!.work).toEqual({ type: 'adopt', info: torrent.info })
    probe.done(job!.job, { type: 'adopted', torrent })
    expect(probe.core.torrent).toBe(torrent)
  })

  test('in pieces that do not fit is charged', () => {
    expect(offering().says(data(0, new Uint8Array(block - 1))).offence).toBe(limits.trust.breach)
    expect(offering().says(data(1, new Uint8Array(block))).offence).toBe(limits.trust.breach)
    expect(offering().says(data(0, new Uint8Array(block), size + 1)).offence).toBe(
      limits.trust.breach
    )
    expect(offering().says(data(9, new Uint8Array(block))).offence).toBe(limits.trust.breach)
  })

  test('of more than 10 MiB is not asked', () => {
    expect(offering(limits.metainfo.size).sent('extended').length).toBeGreaterThan(1)
    expect(offering(limits.metainfo.size + 1).sent('extended')).toHaveLength(1)
  })

  test('and goes silent is passed over for another', () => {
    const probe = offering().wait(limits.metadata.timeout)
    probe.effects = []
    probe.up('other').says(
      {
        type: 'extended',
        id: 0,
        payload: encodeExtendedHandshake({ metadataId: 1, metadataSize: size })
      },
      'other'
    )
    expect(probe.sent('extended').length).toBeGreaterThan(1)
  })

  test('that describes a torrent which is not safe ends it', () => {
    const probe = offering()
      .says(data(0, torrent.info.slice(0, block)))
      .says(data(1, torrent.info.slice(block)))
    const error = new Error('a path leads out of the folder')
    probe.done(probe.jobs[0]!.job, { type: 'refused', error })
    expect(probe.effects).toContainEqual({ type: 'tell', news: { type: 'hopeless', error } })
  })

  test('may say what it has before we know how many pieces there are', () => {
    const probe = offering().says({ type: 'bitfield', bits: bits() })
    probe.says(data(0, torrent.info.slice(0, block))).says(data(1, torrent.info.slice(block)))
    probe.done(probe.jobs[0]!.job, { type: 'adopted', torrent })
    expect(probe.sent('interested')).toHaveLength(1)
    expect(probe.offence).toBe(0)
  })

  test('has a bitfield of ours when it comes again, if there is too much to announce', () => {
    const { lateHaves } = limits.wire
    const resumed = (pieces: number): Probe => {
      const large = fakeTorrent({ length: (lateHaves + 2) * block, pieceLength: block })
      const have = new Bitfield(large.pieceCount)
      for (let index = 0; index < pieces; index++) have.add(index)
      const probe = offering()
      probe.says(data(0, torrent.info.slice(0, block))).says(data(1, torrent.info.slice(block)))
      const adopted = { type: 'adopted', torrent: large, have: have.toBytes() } as const
      return probe.done(probe.jobs[0]!.job, adopted)
    }
    expect(resumed(lateHaves).sent('have')).toHaveLength(lateHaves)
    const dropped = resumed(lateHaves + 1)
    expect(dropped.sent('have')).toEqual([])
    expect(dropped.effects.filter(({ type }) => type === 'drop')).toHaveLength(1)
  })

  test('and lied about its pieces is charged once they are counted', () => {
    const probe = offering().says({ type: 'bitfield', bits: new Uint8Array(9) })
    probe.says(data(0, torrent.info.slice(0, block))).says(data(1, torrent.info.slice(block)))
    probe.done(probe.jobs[0]!.job, { type: 'adopted', torrent })
    expect(probe.offence).toBe(limits.trust.breach)
  })
})

describe('channels', () => {
  test('are kept up to the limit, and the next is dropped', () => {
    const probe = new Probe('none')
    for (let i = 0; i < limits.peers.connected; i++) probe.up(`p${i}`)
    expect(probe.effects.filter((effect) => effect.type === 'drop')).toEqual([])
    probe.up('late')
    expect(probe.effects).toContainEqual({
      type: 'drop',
      peer: 'late',
      reason: 'there are enough peers'
    })
  })

  test('that are quiet are kept alive', () => {
    const probe = new Probe('none').up().wait(limits.wire.keepAlive - 1_000)
    expect(probe.sent('keep-alive')).toHaveLength(0)
    probe.wait(1_000)
    expect(probe.sent('keep-alive')).toHaveLength(1)
  })

  test('without any, a core sleeps', () => {
    const probe = new Probe('none')
    expect(probe.core.wakeAt).toBe(Infinity)
    probe.up()
    expect(probe.core.wakeAt).toBe(1_000)
  })
})
