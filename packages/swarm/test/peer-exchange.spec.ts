import type { PeerKey } from '@peerage/wire'
import { describe, expect, test } from 'vitest'
import { encodeBencode, type BencodeInput } from '../src/codec/bencode-encode.ts'
import { decodeExtendedHandshake, encodeExtendedHandshake } from '../src/codec/extended.ts'
import { decodePex, encodePex, ourPexId, type PexMessage } from '../src/codec/peer-exchange.ts'
import type { Torrent } from '../src/codec/metainfo.ts'
import type { PeerMessage } from '../src/codec/peer-wire.ts'
import { Control } from '../src/core/control.ts'
import { limits } from '../src/limits.ts'
import { noise } from './fake-torrent.ts'
import { Probe, torrent } from './probe.ts'

const { every, soonest, retry, taken, peers: most, record: longest } = limits.pex

/** the number by which the probe's peers want theirs */
const theirs = 9

const introduction = (uploadOnly?: boolean): PeerMessage => ({
  type: 'extended',
  id: 0,
  payload: encodeExtendedHandshake({
    pexId: theirs,
    ...(uploadOnly != null && { uploadOnly })
  })
})

/** A peer's record, as far as a core can tell. */
const recordOf = (peer: PeerKey, length = 100): Uint8Array =>
  noise(
    length,
    [...peer].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7)
  )

const records = (count: number, length = 10): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => noise(length, i + 1))

/** A probe with these peers, all of them wanting to be told. */
function among(peers: PeerKey[], of: Torrent = torrent): Probe {
  const probe = new Probe('none', { torrent: of })
  for (const peer of peers) probe.up(peer).says(introduction(), peer)
  return probe
}

/** Answers every look-up with the records of those that have one. */
function lookUp(probe: Probe, has: (peer: PeerKey) => boolean = () => true): Probe {
  const jobs = probe.jobs.filter(({ work }) => work.type === 'find-records')
  probe.effects = probe.effects.filter((effect) => effect.type !== 'job')
  for (const { job, work } of jobs) {
    const asked = work.type === 'find-records' ? work.peers : []
    const found = asked.filter(has).map((peer) => [peer, recordOf(peer)] as const)
    probe.done(job, { type: 'found-records', records: found })
  }
  return probe
}

/** What a peer was told since the last look. */
const toldTo = (probe: Probe, peer: PeerKey): PexMessage[] =>
  probe.effects.flatMap((effect) =>
    effect.type === 'send' &&
    effect.peer === peer &&
    effect.frame.type === 'extended' &&
    effect.frame.id === theirs
      ? [decodePex(effect.frame.payload) as PexMessage]
      : []
  )

const tells = (message: PexMessage): PeerMessage => ({
  type: 'extended',
  id: ourPexId,
  payload: encodePex(message)
})

const gone = (probe: Probe, peer: PeerKey): Probe => {
  probe.core.handle(probe.now, { type: 'down', peer }, (effect) => probe.effects.push(effect))
  return probe
}

describe('a pg_pex message', () => {
  const message = { added: records(2), dropped: ['one', 'two'] }

  test('comes back as it went, with lists left out when there is nothing in them', () => {
    expect(decodePex(encodePex(message))).toEqual(message)
    expect(decodePex(encodeBencode({}))).toEqual({ added: [], dropped: [] })
  })

  test.each<[string, BencodeInput, BencodeInput]>([
    ['peers that come', { added: records(most) }, { added: records(most + 1) }],
    [
      'peers that go',
      { dropped: Array.from({ length: most }, String) },
      { dropped: Array.from({ length: most + 1 }, String) }
    ],
    ['a record', { added: records(1, longest) }, { added: records(1, longest + 1) }],
    ['an id', { dropped: ['x'.repeat(128)] }, { dropped: ['x'.repeat(129)] }]
  ])('may have so much of %s and no more', (_, good, bad) => {
    expect(decodePex(encodeBencode(good))).not.toBeInstanceOf(Error)
    expect(decodePex(encodeBencode(bad))).toBeInstanceOf(Error)
  })

  test.each<[string, BencodeInput]>([
    ['a list', []],
    ['text for a list', { added: 'peers' }],
    ['numbers for records', { added: [1] }]
  ])('is refused when it is %s', (_, value) => {
    expect(decodePex(encodeBencode(value))).toBeInstanceOf(Error)
    expect(
      among(['peer']).says({ type: 'extended', id: ourPexId, payload: encodeBencode(value) })
        .offence
    ).toBe(limits.trust.breach)
  })
})

describe('peers of a torrent', () => {
  test('are told of each other, each once, and of those that went', () => {
    const probe = lookUp(among(['a', 'b']).wait(1_000))
    expect(toldTo(probe, 'a')).toEqual([{ added: [recordOf('b')], dropped: [] }])
    expect(toldTo(probe, 'b')).toEqual([{ added: [recordOf('a')], dropped: [] }])
    probe.effects = []
    lookUp(gone(probe.wait(5 * every), 'b').wait(1_000))
    expect(toldTo(probe, 'a')).toEqual([{ added: [], dropped: ['b'] }])
  })

  test('are told once a minute', () => {
    const probe = lookUp(among(['a', 'b']).wait(1_000))
    probe.up('c').says(introduction(), 'c')
    probe.effects = []
    lookUp(probe.wait(every - 1_000))
    expect(toldTo(probe, 'a')).toEqual([])
    lookUp(probe.wait(1_000))
    expect(toldTo(probe, 'a')).toEqual([{ added: [recordOf('c')], dropped: [] }])
  })

  test('are told of nobody without a record, and looked up again soon', () => {
    const probe = lookUp(among(['a', 'b']).wait(1_000), () => false)
    expect([...toldTo(probe, 'a'), ...toldTo(probe, 'b')]).toEqual([])
    expect(probe.wait(retry - 1_000).jobs).toEqual([])
    lookUp(probe.wait(1_000))
    expect(toldTo(probe, 'a')).toHaveLength(1)
  })

  test('that do not want to be told are told nothing', () => {
    const probe = among(['a']).up('b').wait(1_000)
    expect(probe.jobs).toHaveLength(1)
    expect(toldTo(lookUp(probe), 'b')).toEqual([])
  })

  test('are told of fifty at a time, and the rest a minute later', () => {
    const many = Array.from({ length: most + 5 }, (_, i) => `p${i}`)
    const control = new Control()
    control.maxPeers = most + 10
    const probe = new Probe('none', { control })
    for (const peer of many) probe.up(peer)
    lookUp(probe.up('a').says(introduction(), 'a').wait(1_000))
    lookUp(probe.wait(every))
    expect(toldTo(probe, 'a').map(({ added }) => added.length)).toEqual([most, 5])
  })

  test('of a private torrent are told nothing, and told that nothing is heard', () => {
    const secret = { ...torrent, private: true }
    const probe = among(['a', 'b'], secret).wait(2 * every)
    expect(probe.jobs).toEqual([])
    const ids = probe
      .sent('extended')
      .filter(({ id }) => id === 0)
      .map(({ payload }) => decodeExtendedHandshake(payload))
    expect(ids).toEqual([
      expect.objectContaining({ pexId: 0 }),
      expect.objectContaining({ pexId: 0 })
    ])
    expect(probe.says(tells({ added: records(1), dropped: [] }), 'a').jobs).toEqual([])
  })

  test('of a magnet are not told before it is known whether it is private, but heard', () => {
    const probe = new Probe('magnet')
    for (const peer of ['a', 'b']) probe.up(peer).says(introduction(), peer)
    expect(probe.wait(every).jobs).toEqual([])
    expect(probe.says(tells({ added: records(1), dropped: [] }), 'a').jobs).toHaveLength(1)
  })

  test('that want nothing are not told of others that want nothing', () => {
    const probe = among(['leecher'])
    for (const seed of ['seed', 'seed too']) probe.up(seed).says(introduction(true), seed)
    lookUp(probe.wait(1_000))
    expect(toldTo(probe, 'seed')).toEqual([{ added: [recordOf('leecher')], dropped: [] }])
    const [{ added }] = toldTo(probe, 'leecher') as [PexMessage]
    expect(added).toEqual([recordOf('seed'), recordOf('seed too')])
  })
})

describe('a peer that tells', () => {
  const news = (count = 1): PeerMessage => tells({ added: records(count), dropped: [] })

  test('has its records opened, and who is in them is dialled', () => {
    const probe = among(['a']).says(news(2), 'a')
    const [{ job, work }] = probe.jobs as [(typeof probe.jobs)[0]]
    expect(work).toEqual({ type: 'open-records', records: records(2) })
    probe.done(job, { type: 'opened-records', peers: ['x', 'y'], forged: false })
    expect(probe.effects).toContainEqual({ type: 'dial', peer: 'x' })
    expect(probe.effects).toContainEqual({ type: 'dial', peer: 'y' })
    expect(probe.offence).toBe(0)
  })

  test('by a forged record is charged, and what is right is kept', () => {
    const probe = among(['a']).says(news(2), 'a')
    probe.done(probe.jobs[0]!.job, { type: 'opened-records', peers: ['x'], forged: true })
    expect(probe.offence).toBe(limits.trust.breach)
    expect(probe.effects).toContainEqual({ type: 'dial', peer: 'x' })
  })

  test('twice a minute is charged the second time', () => {
    const probe = among(['a']).says(news(), 'a').wait(soonest).says(news(), 'a')
    expect(probe.offence).toBe(0)
    expect(probe.wait(soonest - 1_000).says(news(), 'a').offence).toBe(limits.trust.unasked)
    expect(probe.jobs).toHaveLength(2)
  })

  test('of more than five hundred is heard no more', () => {
    const probe = among(['a'])
    let opened = 0
    for (let i = 0; i <= taken / most; i++) {
      probe.says(news(most), 'a').wait(every)
      for (const { work } of probe.jobs)
        if (work.type === 'open-records') opened += work.records.length
      probe.effects = []
    }
    expect(opened).toBe(taken)
  })

  test('one that has everything is not heard', () => {
    const probe = new Probe('all').up('a').says(introduction(), 'a').says(news(), 'a')
    expect(probe.jobs).toEqual([])
    expect(probe.offence).toBe(0)
  })
})
