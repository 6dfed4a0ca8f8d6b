import fc from 'fast-check'
import { WireError } from '@peerage/wire'
import { describe, expect, test } from 'vitest'
import {
  decodeExtendedHandshake,
  decodeMetadata,
  encodeExtendedHandshake,
  encodeMetadata,
  type MetadataMessage
} from '../src/codec/extended.ts'
import { limits } from '../src/limits.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('an extended handshake', () => {
  test('is the dictionary of BEP 10', () => {
    const encoded = encodeExtendedHandshake({
      metadataId: 1,
      metadataSize: 31_235,
      requestQueue: 250
    })
    expect(new TextDecoder().decode(encoded)).toBe(
      'd1:md11:lt_donthavei2e11:ut_metadatai1ee13:metadata_sizei31235e4:reqqi250ee'
    )
  })

  test('of another client is read for what is known here', () => {
    const theirs = bytes(
      'd1:md11:ut_metadatai3e6:ut_pexi1ee1:pi6881e4:reqqi500e1:v13:Some Client 1e'
    )
    expect(decodeExtendedHandshake(theirs)).toEqual({ metadataId: 3, requestQueue: 500 })
  })

  test('with 0 switches an extension off', () => {
    expect(decodeExtendedHandshake(bytes('d1:md11:ut_metadatai0eee'))).toEqual({})
  })

  test('with values that make no sense is read without them', () => {
    const { size } = limits.metainfo
    for (const field of [`13:metadata_sizei${size + 1}e`, '13:metadata_sizei-1e', '4:reqq2:no']) {
      expect(decodeExtendedHandshake(bytes(`d${field}e`)), field).toEqual({})
    }
    expect(decodeExtendedHandshake(bytes(`d13:metadata_sizei${size}ee`))).toEqual({
      metadataSize: size
    })
  })

  test('never makes its reader throw', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (payload) => {
        const found = decodeExtendedHandshake(payload)
        expect(found instanceof WireError || typeof found === 'object').toBe(true)
      })
    )
    expect(decodeExtendedHandshake(bytes('i1e'))).toBeInstanceOf(WireError)
  })
})

describe('a metadata message', () => {
  test('comes back as it was sent, the bytes after the dictionary', () => {
    const messages: MetadataMessage[] = [
      { type: 'request', piece: 0 },
      { type: 'reject', piece: 7 },
      { type: 'data', piece: 1, size: 20_000, bytes: bytes('whatever follows') }
    ]
    for (const message of messages) expect(decodeMetadata(encodeMetadata(message))).toEqual(message)
    expect(new TextDecoder().decode(encodeMetadata(messages[2]!))).toBe(
      'd8:msg_typei1e5:piecei1e10:total_sizei20000eewhatever follows'
    )
  })

  test('of a later BEP is ignored', () => {
    expect(decodeMetadata(bytes('d8:msg_typei9e5:piecei0ee'))).toBeUndefined()
  })

  test('that is broken is an error, not a throw', () => {
    const { size } = limits.metainfo
    for (const text of [
      'd8:msg_typei0ee',
      'd8:msg_typei0e5:piecei-1ee',
      'd8:msg_typei1e5:piecei0ee',
      `d8:msg_typei1e5:piecei0e10:total_sizei${size + 1}ee`,
      'le',
      ''
    ]) {
      expect(decodeMetadata(bytes(text)), text).toBeInstanceOf(WireError)
    }
    fc.assert(fc.property(fc.uint8Array(), (payload) => void decodeMetadata(payload)))
  })
})
