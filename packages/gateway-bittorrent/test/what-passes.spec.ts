import { decodeHandshake, encodeBencode, encodeHandshake, type BencodeInput } from '@peerage/swarm'
import { describe, expect, it, test } from 'vitest'
import { rewriters, type Rewriters } from '../src/codec/rewriter.ts'

/** What a pipe between two networks must not carry, and that it carries all else. */

const text = new TextEncoder()
const infoHash = new Uint8Array(20).fill(1)
const peerId = text.encode('-LT2080-abcdefghijkl')

function message(id: number, ...payload: number[]): Uint8Array {
  const length = 1 + payload.length
  return Uint8Array.of(0, 0, length >> 8, length & 0xff, id, ...payload)
}

const extended = (id: number, payload: BencodeInput) => message(20, id, ...encodeBencode(payload))

const shake = (reserved: number[]) =>
  encodeHandshake({ type: 'handshake', infoHash, peerId, reserved: Uint8Array.from(reserved) })

/** A pipe whose handshakes are over. */
function joined(): Rewriters {
  const both = rewriters()
  for (const side of [both.toPeer, both.toClient]) side.rewrite(shake([0, 0, 0, 0, 0, 16, 0, 4]))
  return both
}

const directions = ['toPeer', 'toClient'] as const

describe.each(directions)('%s', (direction) => {
  const endpoint = Uint8Array.of(127, 0, 0, 1, 0x1a, 0xe1)

  test.each<[string, number[], number[]]>([
    ['the extension protocol', [0, 0, 0, 0, 0, 0x10, 0, 0], [0, 0, 0, 0, 0, 0x10, 0, 0]],
    ['the fast extension', [0, 0, 0, 0, 0, 0, 0, 0x04], [0, 0, 0, 0, 0, 0, 0, 0x04]],
    ['version 2', [0, 0, 0, 0, 0, 0, 0, 0x10], [0, 0, 0, 0, 0, 0, 0, 0x10]],
    ['the DHT, not', [0, 0, 0, 0, 0, 0, 0, 0x05], [0, 0, 0, 0, 0, 0, 0, 0x04]],
    ['XBT peer exchange and NAT traversal, not', [0, 0, 0, 0, 0, 0, 0, 0x0a], Array(8).fill(0)],
    ['Azureus messages, not', [0x80, 0, 0, 0, 0, 0x13, 0, 0], [0, 0, 0, 0, 0, 0x10, 0, 0]],
    ['what nobody knows, not', Array(8).fill(0xff), [0, 0, 0, 0, 0, 0x10, 0, 0x14]]
  ])('the feature bits of %s', (_, sent, passed) => {
    const handshake = rewriters()[direction].rewrite(shake(sent)) as Uint8Array
    const reserved = Uint8Array.from(passed)
    expect(decodeHandshake(handshake)).toEqual({ type: 'handshake', infoHash, peerId, reserved })
  })

  test.each<[string, Uint8Array]>([
    ['a keep-alive', new Uint8Array(4)],
    ['choke', message(0)],
    ['unchoke', message(1)],
    ['interested', message(2)],
    ['not interested', message(3)],
    ['have', message(4, 0, 0, 0, 7)],
    ['a bitfield', message(5, 0xf0)],
    ['a request', message(6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x40, 0)],
    ['a piece', message(7, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3)],
    ['cancel', message(8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x40, 0)],
    ['suggest', message(13, 0, 0, 0, 1)],
    ['have all', message(14)],
    ['have none', message(15)],
    ['reject', message(16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x40, 0)],
    ['allowed fast', message(17, 0, 0, 0, 1)],
    ['hash request', message(21, ...Array<number>(48).fill(1))],
    ['hashes', message(22, ...Array<number>(80).fill(1))],
    ['hash reject', message(23, ...Array<number>(48).fill(1))],
    ['a message nobody knows', message(200, 1, 2, 3)],
    ['a piece of metadata', extended(2, { msg_type: 1, piece: 0, total_size: 3 })],
    ['a place in a queue', extended(5, { length: 9, position: 3 })],
    ['an extended message nobody knows', extended(77, { hello: 1 })]
  ])('%s passes as it is', (_, sent) => {
    expect(joined()[direction].rewrite(sent)).toBe(sent)
  })

  it('the port of a DHT node does not pass', () => {
    expect(joined()[direction].rewrite(message(9, 0x1a, 0xe1))).toBeUndefined()
  })

  test.each<[string, BencodeInput, BencodeInput]>([
    ['its port', { p: 6881 }, {}],
    ['the address it sees us at', { yourip: endpoint.subarray(0, 4) }, {}],
    ['its other addresses', { ipv4: endpoint.subarray(0, 4), ipv6: new Uint8Array(16) }, {}],
    ['that it prefers encryption', { e: 1 }, {}],
    ['peer exchange', { m: { lt_donthave: 7, ut_pex: 1 } }, { m: { lt_donthave: 7 } }],
    ['peer exchange over libp2p', { m: { pg_pex: 6, pg_queue: 5 } }, { m: { pg_queue: 5 } }],
    ['peer exchange in I2P', { m: { i2p_pex: 3 } }, { m: {} }],
    ['hole punching', { m: { ut_holepunch: 4, ut_metadata: 2 } }, { m: { ut_metadata: 2 } }]
  ])('an extended handshake loses %s', (_, sent, passed) => {
    expect(joined()[direction].rewrite(extended(0, sent))).toEqual(extended(0, passed))
  })

  it('an extended handshake keeps everything else', () => {
    const m = { lt_donthave: 7, pg_queue: 5, share_mode: 8, upload_only: 3, ut_metadata: 2 }
    const about = { complete_ago: -1, metadata_size: 31_235, reqq: 500, upload_only: 1 }
    const sent = extended(0, { ...about, m, v: 'µTorrent 3.5' })
    expect(joined()[direction].rewrite(sent)).toEqual(sent)
  })

  it('peer exchange and hole punching do not pass, whoever says them without being asked', () => {
    const pipe = joined()
    const back = direction === 'toPeer' ? pipe.toClient : pipe.toPeer
    back.rewrite(extended(0, { m: { ut_holepunch: 4, ut_metadata: 2, ut_pex: 1 } }))
    const pass = (id: number) => pipe[direction].rewrite(extended(id, { added: endpoint }))
    expect(pass(1)).toBeUndefined()
    expect(pass(4)).toBeUndefined()
    expect(pass(2)).toBeInstanceOf(Uint8Array)
  })

  it('a number that is given to another extension later on passes from then', () => {
    const pipe = joined()
    const back = direction === 'toPeer' ? pipe.toClient : pipe.toPeer
    back.rewrite(extended(0, { m: { ut_pex: 1 } }))
    back.rewrite(extended(0, { m: { ut_metadata: 1 } }))
    const sent = extended(1, { msg_type: 0, piece: 0 })
    expect(pipe[direction].rewrite(sent)).toBe(sent)
    back.rewrite(extended(0, { m: { ut_metadata: 1, ut_pex: 1 } }))
    expect(pipe[direction].rewrite(sent)).toBeUndefined()
  })
})
