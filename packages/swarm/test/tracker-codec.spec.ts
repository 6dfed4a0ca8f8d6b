import { multiaddr } from '@multiformats/multiaddr'
import { WireError } from '@peerage/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeBencode, type BencodeInput } from '../src/codec/bencode-encode.ts'
import { trackerCodec } from '../src/tracker/codec.ts'
import { limits } from '../src/tracker/limits.ts'
import type { TrackerMessage } from '../src/tracker/messages.ts'

const infoHash = Uint8Array.from({ length: 20 }, (_, i) => i * 13)
const address = multiaddr('/ip4/127.0.0.1/tcp/4001').bytes
const id = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'

function read(value: BencodeInput): TrackerMessage | WireError {
  return trackerCodec.decode(encodeBencode(value))
}

const addresses = fc.array(fc.constant(address), { maxLength: limits.wire.addresses })
const count = fc.integer({ min: 0, max: 1_000_000 })
const messages = fc.oneof(
  fc.record(
    {
      type: fc.constant('announce' as const),
      infoHash: fc.constant(infoHash),
      want: fc.integer({ min: 0, max: limits.tracker.answer }),
      addresses,
      event: fc.constantFrom('started', 'stopped', 'completed'),
      left: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
    },
    { requiredKeys: ['type', 'infoHash', 'want', 'addresses'] }
  ),
  fc.record({
    type: fc.constant('scrape' as const),
    infoHashes: fc.array(fc.constant(infoHash), { maxLength: limits.wire.scrape })
  }),
  fc.record({
    type: fc.constant('announced' as const),
    interval: fc.constantFrom(60_000, 900_000, 86_400_000),
    complete: count,
    incomplete: count,
    peers: fc.array(fc.constant({ id, addresses: [address] }), { maxLength: limits.tracker.answer })
  }),
  fc.record({
    type: fc.constant('scraped' as const),
    torrents: fc.constant(
      new Map([['00'.repeat(19) + 'ff', { complete: 1, incomplete: 2, downloaded: 3 }]])
    )
  }),
  fc.record({ type: fc.constant('refused' as const), reason: fc.constant('full: ask another') })
)

describe('a tracker message', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(trackerCodec.decode(trackerCodec.encode(message as TrackerMessage))).toEqual(message)
      })
    )
  })

  test('of any bytes is a message or an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(trackerCodec.decode(bytes)).toBeInstanceOf(Object)
      })
    )
  })

  test('with all the peers and addresses it may have is no larger than a frame', () => {
    const largest = new Uint8Array(limits.wire.address)
    const peers = Array.from({ length: limits.tracker.answer }, () => ({
      id: 'x'.repeat(64),
      addresses: Array.from({ length: limits.wire.addresses }, () => largest)
    }))
    const message = {
      type: 'announced',
      interval: 60_000,
      complete: 1,
      incomplete: 1,
      peers
    } as const
    expect(trackerCodec.encode(message).length).toBeLessThanOrEqual(limits.wire.frame)
  })

  test('names a torrent by 20 bytes and nothing else', () => {
    for (const length of [0, 19, 21, 32]) {
      const wrong = read({ action: 'announce', info_hash: new Uint8Array(length) })
      expect(wrong).toBeInstanceOf(WireError)
    }
  })

  test('asks for so many torrents at once and no more', () => {
    const ask = (n: number): TrackerMessage | WireError =>
      read({ action: 'scrape', info_hashes: Array.from({ length: n }, () => infoHash) })
    expect(ask(limits.wire.scrape)).toMatchObject({ type: 'scrape' })
    expect(ask(limits.wire.scrape + 1)).toBeInstanceOf(WireError)
  })

  test('loses addresses that are none, are too long, or say whose they are', () => {
    const named = multiaddr(`/ip4/127.0.0.1/tcp/4001/p2p/${id}`).bytes
    const addrs = ['nonsense', new Uint8Array(limits.wire.address + 1), named, 7, address]
    expect(read({ action: 'announce', info_hash: infoHash, addrs })).toMatchObject({
      addresses: [address]
    })
  })

  test('has at most four addresses of a peer, and only peers that have one', () => {
    const addrs = Array.from({ length: limits.wire.addresses + 1 }, () => address)
    const answer = read({
      interval: 60,
      complete: 0,
      incomplete: 2,
      peers: [
        { id, addrs },
        { id, addrs: [] }
      ]
    })
    expect(answer).toMatchObject({ peers: [{ id, addresses: addrs.slice(1) }] })
  })

  test('sets an interval between a minute and a day', () => {
    for (const [said, kept] of [
      [0, 60_000],
      [59, 60_000],
      [600, 600_000],
      [10 ** 9, 86_400_000]
    ]) {
      expect(read({ interval: said!, peers: [] })).toMatchObject({ interval: kept })
    }
  })

  test('gives no reason with hidden characters in it', () => {
    expect(read({ 'failure reason': 'go \u001b[2J away' })).toBeInstanceOf(WireError)
  })
})
