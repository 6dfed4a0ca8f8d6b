import { decodeBencode, decodeHandshake, encodeBencode, encodeHandshake } from '@peerage/swarm'
import { WireError } from '@peerage/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rewriters, type Rewriter } from '../src/codec/rewriter.ts'
import { limits } from '../src/limits.ts'

const text = new TextEncoder()

const shake = (reserved: number[]) =>
  encodeHandshake({
    type: 'handshake',
    infoHash: new Uint8Array(20).fill(1),
    peerId: text.encode('-LT2080-abcdefghijkl'),
    reserved: Uint8Array.from(reserved)
  })

/** A rewriter that has seen the handshake. */
function shaken(): Rewriter {
  const { toPeer: rewriter } = rewriters()
  rewriter.rewrite(shake([0, 0, 0, 0, 0, 0x10, 0, 0x05]))
  return rewriter
}

function message(id: number, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
  const bytes = new Uint8Array(5 + payload.byteLength)
  new DataView(bytes.buffer).setUint32(0, 1 + payload.byteLength)
  bytes[4] = id
  bytes.set(payload, 5)
  return bytes
}

const extended = (payload: Uint8Array) => message(20, Uint8Array.of(0, ...payload))

describe('a handshake', () => {
  it('shows the name of the libp2p peer where there is one', () => {
    const name = new Uint8Array(20).fill(7)
    const passed = rewriters(name).toClient.rewrite(shake([0, 0, 0, 0, 0, 0, 0, 0])) as Uint8Array
    expect(decodeHandshake(passed)).toMatchObject({ peerId: name })
  })

  it('of another protocol is refused', () => {
    expect(rewriters().toPeer.rewrite(new Uint8Array(68))).toBeInstanceOf(WireError)
  })
})

describe('after it', () => {
  it('everything passes untouched but port and extended handshakes', () => {
    const kinds = fc.nat(255).filter((id) => id !== 9 && id !== 20)
    fc.assert(
      fc.property(kinds, fc.uint8Array({ maxLength: 64 }), (id, payload) => {
        const sent = message(id, payload)
        expect(shaken().rewrite(sent)).toBe(sent)
      })
    )
    const keepAlive = new Uint8Array(4)
    expect(shaken().rewrite(keepAlive)).toBe(keepAlive)
    const metadata = message(20, Uint8Array.of(3, 1, 2))
    expect(shaken().rewrite(metadata)).toBe(metadata)
  })

  it('a bitfield that comes late, as from aria2, goes on as haves', () => {
    const rewriter = shaken()
    const bitfield = message(5, Uint8Array.of(0b1000_0001, 0b0100_0000))
    expect(rewriter.rewrite(bitfield)).toBe(bitfield)
    const haves = [0, 7, 9].map((piece) => message(4, Uint8Array.of(0, 0, 0, piece)))
    expect(rewriter.rewrite(bitfield)).toEqual(Uint8Array.from(haves.flatMap((have) => [...have])))
    const most = new Uint8Array(limits.wire.lateBitfield)
    expect(rewriter.rewrite(message(5, most))).toEqual(new Uint8Array(0))
    const more = message(5, new Uint8Array(limits.wire.lateBitfield + 1))
    expect(rewriter.rewrite(more)).toBeInstanceOf(WireError)
  })

  it('an extended handshake that is no bencode, no dictionary or too long is refused', () => {
    const long = encodeBencode({ v: 'x'.repeat(limits.wire.extendedHandshake) })
    for (const payload of [text.encode('d1:m'), text.encode('i1e'), long]) {
      expect(shaken().rewrite(extended(payload))).toBeInstanceOf(WireError)
    }
    const within = encodeBencode({ v: 'x'.repeat(limits.wire.extendedHandshake - 20) })
    expect(shaken().rewrite(extended(within))).toEqual(extended(within))
  })

  it('no bytes at all make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (payload) => {
        const passed = shaken().rewrite(extended(payload))
        if (passed instanceof WireError) return
        expect(decodeBencode(passed!.subarray(6))).toHaveProperty('value')
      })
    )
  })
})
