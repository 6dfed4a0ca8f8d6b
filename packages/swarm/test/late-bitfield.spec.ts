import { describe, expect, test } from 'vitest'
import { encodeExtendedHandshake, encodeMetadata } from '../src/codec/extended.ts'
import type { PeerMessage } from '../src/codec/peer-wire.ts'
import { Bitfield } from '../src/core/bitfield.ts'
import { limits } from '../src/limits.ts'
import { Probe, torrent } from './probe.ts'

const { block } = limits.wire
const bitfield: PeerMessage = {
  type: 'bitfield',
  bits: Bitfield.full(torrent.pieceCount).toBytes()
}
const introduction = (metadataSize?: number): PeerMessage => ({
  type: 'extended',
  id: 0,
  payload: encodeExtendedHandshake({ metadataId: 1, ...(metadataSize && { metadataSize }) })
})

/** All that a peer may say before it says what it has. */
const before: PeerMessage[] = [
  { type: 'keep-alive' },
  { type: 'choke' },
  { type: 'unchoke' },
  { type: 'interested' },
  { type: 'not-interested' },
  { type: 'suggest', piece: 1 },
  { type: 'allowed-fast', piece: 1 },
  { type: 'unknown', id: 99 },
  introduction()
]

/** The metadata comes from the peer, and is adopted. */
function learn(probe: Probe): Probe {
  const { info } = torrent
  probe.says(introduction(info.byteLength))
  for (let piece = 0; piece * block < info.byteLength; piece++) {
    const bytes = info.slice(piece * block, (piece + 1) * block)
    const payload = encodeMetadata({ type: 'data', piece, size: info.byteLength, bytes })
    probe.says({ type: 'extended', id: 1, payload })
  }
  return probe.done(probe.jobs[0]!.job, { type: 'adopted', torrent })
}

describe.each(['none', 'magnet'] as const)('a late bitfield, with a torrent: %s', (start) => {
  test.each(before.map((message) => [message.type, message] as const))(
    'after "%s" counts',
    (_, message) => {
      const probe = new Probe(start).up().says(message).says(bitfield)
      if (start === 'magnet') learn(probe)
      expect(probe.offence).toBe(0)
      expect(probe.sent('interested')).toHaveLength(1)
    }
  )

  test('after all of them counts, and pieces are asked for', () => {
    const probe = new Probe(start).up()
    for (const message of before) probe.says(message)
    probe.says(bitfield)
    if (start === 'magnet') learn(probe)
    expect(probe.says({ type: 'unchoke' }).sent('request').length).toBeGreaterThan(1)
    expect(probe.offence).toBe(0)
  })

  test.each<PeerMessage>([
    bitfield,
    { type: 'have-all' },
    { type: 'have-none' },
    { type: 'have', piece: 1 }
  ])('after word of pieces is a breach: $type', (word) => {
    const probe = new Probe(start).up().says(word)
    expect(probe.offence).toBe(0)
    expect(probe.says(bitfield).offence).toBe(limits.trust.breach)
  })
})

test.each<PeerMessage>([{ type: 'have-none' }, bitfield])(
  'what a peer said before its torrent was known still stands after it: $type',
  (word) => {
    const probe = learn(new Probe('magnet').up().says(word))
    expect(probe.offence).toBe(0)
    expect(probe.says(bitfield).offence).toBe(limits.trust.breach)
  }
)
