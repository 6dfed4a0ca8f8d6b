import type { PeerKey } from '@peerage/wire'
import { beforeAll, describe, expect, test } from 'vitest'
import { encodeExtendedHandshake, encodeMetadata } from '../src/codec/extended.ts'
import type { HashSpan } from '../src/codec/hash-span.ts'
import { readInfo, type Torrent } from '../src/codec/metainfo.ts'
import type { PeerMessage } from '../src/codec/peer-wire.ts'
import { limits } from '../src/limits.ts'
import { Probe, torrent as known } from './probe.ts'
import { accepted, kib, noiseTorrent } from './support/torrents.ts'

const { block } = limits.wire

/** A file of two requests' worth of pieces, three shorter ones, and one with no layer. */
const files = { a: 900 * 16 * kib, b: 9 * 16 * kib, c: 3 * 16 * kib, d: 2 * 16 * kib, e: 5 }
let torrent: Torrent
let bare: Torrent

beforeAll(async () => {
  ;({ torrent } = await noiseTorrent(files, 16 * kib, 2))
  bare = accepted(readInfo(torrent.info))
})

/** A core whose metadata has just come, from a peer that gives it, on channels of version 2. */
function lacking(...peers: PeerKey[]): Probe {
  const infoHashV2 = new Uint8Array(32)
  infoHashV2.set(known.infoHash)
  return learned(new Probe('magnet', { infoHashV2 }), bare, ...peers)
}

/** Has the metadata come. @param of what it turns out to be */
function learned(probe: Probe, of: Torrent, ...peers: PeerKey[]): Probe {
  for (const peer of peers) probe.up(peer)
  const introduction = encodeExtendedHandshake({
    metadataId: 1,
    metadataSize: known.info.byteLength
  })
  probe.up('giver').says({ type: 'extended', id: 0, payload: introduction }, 'giver')
  for (let piece = 0; piece * block < known.info.byteLength; piece++) {
    const bytes = known.info.slice(piece * block, (piece + 1) * block)
    const size = known.info.byteLength
    const payload = encodeMetadata({ type: 'data', piece, size, bytes })
    probe.says({ type: 'extended', id: 1, payload }, 'giver')
  }
  return probe.done(probe.jobs[0]!.job, { type: 'layerless', torrent: of })
}

type Request = PeerMessage & { type: 'hash-request' }

/** What a peer was asked for since the effects were last cleared. */
const askedOf = (probe: Probe, peer: PeerKey): Request[] =>
  probe.effects.flatMap((effect) =>
    effect.type === 'send' && effect.peer === peer && effect.frame.type === 'hash-request'
      ? [effect.frame]
      : []
  )

/** What a peer that has everything answers. */
function answerTo(span: HashSpan): PeerMessage & { type: 'hashes' | 'hash-reject' } {
  const seed = new Probe('all', { torrent, have: undefined }).up()
  const [answer] = [
    ...seed.says({ ...span, type: 'hash-request' }).sent('hashes'),
    ...seed.sent('hash-reject')
  ]
  return answer!
}

const spoilt = (span: HashSpan): PeerMessage => {
  const answer = answerTo(span)
  if (answer.type === 'hashes') answer.hashes[0]! ^= 1
  return answer
}

const offences = (probe: Probe): unknown[] =>
  probe.effects.flatMap((effect) =>
    effect.type === 'score' ? [[effect.peer, effect.offence]] : []
  )

describe('a magnet that lacks piece layers', () => {
  test('asks several peers, and is adopted when every layer is here', () => {
    const probe = lacking('other')
    const asked = { giver: askedOf(probe, 'giver'), other: askedOf(probe, 'other') }
    expect(asked.giver.length + asked.other.length).toBe(5)
    expect(asked.other).toHaveLength(limits.hashes.requests)
    probe.effects = []
    for (const [peer, spans] of Object.entries(asked)) {
      for (const span of spans) probe.says(answerTo(span), peer)
    }
    expect(probe.offence).toBe(0)
    const [{ work, job }] = probe.jobs as [(typeof probe.jobs)[0]]
    const { info, layers } = work as { info: Uint8Array; layers: Record<string, Uint8Array> }
    expect(accepted(readInfo(info, [], layers)).files).toEqual(torrent.files)
    probe.done(job, { type: 'adopted', torrent })
    expect(probe.core.torrent).toBe(torrent)
  })

  test('goes to others with what a peer rejects, and leaves that one alone for a while', () => {
    const probe = lacking()
    const [first] = askedOf(probe, 'giver')
    probe.effects = []
    probe.says({ ...first!, type: 'hash-reject' }, 'giver').wait(limits.hashes.timeout - 1_000)
    expect(askedOf(probe, 'giver')).toEqual([])
    probe.up('late')
    expect(askedOf(probe, 'late')).toHaveLength(limits.hashes.requests)
    expect(probe.offence).toBe(0)
  })

  test('waits while nobody has them, and goes on when a peer comes that does', () => {
    const probe = lacking()
    for (let rounds = 0; rounds < 3; rounds++) {
      const asked = askedOf(probe, 'giver')
      expect(asked.length).toBeGreaterThan(0)
      probe.effects = []
      for (const span of asked) probe.says({ ...span, type: 'hash-reject' }, 'giver')
      probe.wait(limits.hashes.timeout)
    }
    probe.effects = []
    probe.up('seed')
    for (let turns = 0; probe.jobs.length === 0 && turns < 20; turns++) {
      const asked = askedOf(probe, 'seed')
      const rejected = askedOf(probe, 'giver')
      probe.effects = []
      for (const span of rejected) probe.says({ ...span, type: 'hash-reject' }, 'giver')
      for (const span of asked) probe.says(answerTo(span), 'seed')
      probe.wait(1_000)
    }
    expect(probe.jobs).toHaveLength(1)
    expect(offences(probe)).toEqual([])
  })

  test('gives a silent peer’s requests to others after ten seconds', () => {
    const probe = lacking('silent')
    expect(askedOf(probe, 'silent')).toHaveLength(limits.hashes.requests)
    for (const span of askedOf(probe, 'giver')) probe.says(answerTo(span), 'giver')
    const late = askedOf(probe, 'silent')
    probe.effects = []
    probe.wait(limits.hashes.timeout - 1_000)
    expect(askedOf(probe, 'giver')).toEqual([])
    probe.wait(1_000)
    expect(askedOf(probe, 'giver')).toHaveLength(limits.hashes.requests)
    // late answers are no offence, but each only once
    for (const span of late) probe.says(answerTo(span), 'silent')
    expect(probe.offence).toBe(0)
    probe.says(answerTo(late[0]!), 'silent')
    expect(offences(probe)).toEqual([['silent', limits.trust.unasked]])
  })

  test('charges whoever sends wrong hashes with a lie, and asks others', () => {
    const probe = lacking('liar')
    for (const span of askedOf(probe, 'giver')) probe.says(answerTo(span), 'giver')
    const [first] = askedOf(probe, 'liar')
    probe.effects = []
    probe.says(spoilt(first!), 'liar')
    expect(offences(probe)).toEqual([['liar', limits.trust.lie]])
    expect(askedOf(probe, 'giver')).toContainEqual(first)
  })

  test('does not ask while it is paused', () => {
    const probe = lacking().asks({ type: 'pause' })
    probe.effects = []
    probe.up('other').wait(30_000)
    expect(probe.sent('hash-request')).toEqual([])
    probe.asks({ type: 'resume' }).wait(1_000)
    expect(probe.sent('hash-request')).toHaveLength(5)
  })
})

describe('a hybrid’s magnet', () => {
  const adopted = (probe: Probe): unknown[] =>
    probe.jobs.flatMap(({ work }) => (work.type === 'adopt' && work.layers ? [work.layers] : []))

  test('waits ten seconds for hashes of version 2, and does without them then', () => {
    const infoHashV2 = new Uint8Array(32)
    infoHashV2.set(known.infoHash)
    const probe = learned(new Probe('magnet', { infoHashV2 }), { ...bare, verifiable: true })
    const late = askedOf(probe, 'giver')
    expect(late).toHaveLength(limits.hashes.requests)
    expect(adopted(probe.wait(limits.hashes.patience - 1_000))).toEqual([])
    expect(adopted(probe.wait(1_000))).toEqual(['none'])
    for (const span of late) probe.says(answerTo(span), 'giver')
    expect(adopted(probe.wait(limits.hashes.patience))).toEqual(['none'])
    expect(probe.offence).toBe(0)
  })

  test('waits for nobody when its peers speak version 1 alone', () => {
    const probe = learned(new Probe('magnet'), { ...bare, verifiable: true }, 'other')
    expect(probe.sent('hash-request')).toEqual([])
    expect(adopted(probe)).toEqual(['none'])
  })
})

describe('hash requests', () => {
  const span = (over: Partial<HashSpan> = {}): HashSpan => ({
    root: torrent.files[0]!.piecesRoot!,
    base: 0,
    index: 0,
    length: limits.hashes.length,
    proofs: 9,
    ...over
  })

  test('are rejected by who does not have the torrent, the file or the layer, and when they are bad', () => {
    expect(answerTo(span()).type).toBe('hashes')
    expect(answerTo(span({ length: 2 * limits.hashes.length })).type).toBe('hash-reject')
    expect(answerTo(span({ index: 1 })).type).toBe('hash-reject')
    expect(answerTo(span({ root: new Uint8Array(32) })).type).toBe('hash-reject')
    expect(answerTo(span({ root: torrent.files[4]!.piecesRoot!, length: 2 })).type).toBe(
      'hash-reject'
    )
    const request = { ...span(), type: 'hash-request' } as const
    for (const probe of [
      new Probe('magnet'),
      new Probe('all', { torrent: bare, have: undefined })
    ]) {
      expect(probe.up().says(request).sent('hash-reject')).toEqual([
        { ...span(), type: 'hash-reject' }
      ])
      expect(probe.offence).toBe(0)
    }
  })

  test('of one peer are answered until it has had all layers a few times', () => {
    const probe = new Probe('all', { torrent, have: undefined }).up()
    const each = limits.hashes.length + 1
    const most =
      limits.hashes.copies * (2 * torrent.pieceCount + limits.hashes.length * torrent.files.length)
    const answered = Math.ceil(most / each)
    for (let i = 0; i < answered; i++) probe.says({ ...span(), type: 'hash-request' })
    expect(probe.sent('hash-reject')).toEqual([])
    probe.says({ ...span(), type: 'hash-request' })
    expect(probe.sent('hashes')).toHaveLength(answered)
    expect(probe.sent('hash-reject')).toHaveLength(1)
    expect(answered).toBeGreaterThan(limits.hashes.copies * 5)
  })

  test('are not answered by who was not asked', () => {
    const told = { ...answerTo(span({ length: 2 })) }
    for (const start of ['none', 'magnet'] as const) {
      expect(new Probe(start).up().says(told).offence).toBe(limits.trust.breach)
      const rejects = { ...span(), type: 'hash-reject' } as const
      expect(new Probe(start).up().says(rejects).offence).toBe(limits.trust.breach)
    }
  })
})
