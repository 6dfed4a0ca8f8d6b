import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { PeerRecord, RecordEnvelope } from '@libp2p/peer-record'
import { describe, expect, it } from 'vitest'
import type { HitRecord } from '../src/codec/hit-record.ts'
import { openHits, sealHits } from '../src/hit-envelope.ts'
import { limits } from '../src/limits.ts'
import { song } from './solo.ts'

const key = await generateKeyPair('Ed25519')
const other = await generateKeyPair('Ed25519')
const responder = peerIdFromPrivateKey(key)
const queryId = new Uint8Array(16).fill(1)
const time = 1_700_000_000_000

function record(change: Partial<HitRecord> = {}): HitRecord {
  const multihash = responder.toMultihash().bytes
  return { queryId, responder: multihash, items: [song], addresses: [], time, ...change }
}

describe('an envelope over hits', () => {
  it('opens for the query it was made for', async () => {
    const envelope = await sealHits(record(), key)
    expect(await openHits(envelope, { queryId, time })).toEqual({
      type: 'verified',
      responder: responder.toString(),
      items: [song],
      addresses: []
    })
  })

  it.each([
    ['signed by somebody else', record(), other],
    ['another query', record({ queryId: new Uint8Array(16) }), key],
    ['too long ago', record({ time: time - limits.freshness - 1 }), key],
    ['too long ago', record({ time: time + limits.freshness + 1 }), key],
    ['control characters', record({ items: [{ ...song, name: 'a\u001Bb' }] }), key]
  ])('that is %s does not', async (reason, signed, by) => {
    const envelope = await sealHits(signed, by)
    const result = await openHits(envelope, { queryId, time })
    expect(result).toEqual({ type: 'failed', reason: expect.stringContaining(reason) })
  })

  it('may be as old as clocks differ, to the millisecond', async () => {
    for (const difference of [limits.freshness, -limits.freshness]) {
      const envelope = await sealHits(record({ time: time + difference }), key)
      expect(await openHits(envelope, { queryId, time })).toMatchObject({ type: 'verified' })
    }
  })

  it('with any one byte changed says what was signed, or does not open', async () => {
    const envelope = await sealHits(record(), key)
    const signed = await openHits(envelope, { queryId, time })
    let opened = 0
    for (let i = 0; i < envelope.length; i++) {
      const changed = envelope.slice()
      changed[i]! ^= 1
      const result = await openHits(changed, { queryId, time })
      if (result.type === 'failed') continue
      expect(result, `byte ${i}`).toEqual(signed)
      opened++
    }
    // protobuf's decoder does not look at the wire type of a field it knows
    expect(opened).toBeLessThan(8)
  })

  it('made for another purpose does not open', async () => {
    const peerRecord = new PeerRecord({ peerId: responder, multiaddrs: [] })
    const envelope = (await RecordEnvelope.seal(peerRecord, key)).marshal()
    expect(await openHits(envelope, { queryId, time })).toMatchObject({ type: 'failed' })
  })
})
