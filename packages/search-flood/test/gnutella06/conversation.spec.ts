import { WireError } from '@peerage/wire'
import { describe, expect, test } from 'vitest'
import {
  encodeHandshake,
  encodeMessage,
  ggepData,
  gnutellaMessages,
  HandshakeReader,
  headerOf,
  parseHosts,
  privateGgep,
  RouteTableReceiver,
  type HandshakeGroup,
  type Message
} from '../../src/gnutella06.ts'
import { conversation, type Turn } from './conversation.ts'

function encode(said: HandshakeGroup | Message): Uint8Array {
  return 'payload' in said ? encodeMessage(said) : encodeHandshake(said)
}

/** What the other side hears of one side's stream, cut into chunks. */
function heard(from: Turn['from'], chunk: number): (HandshakeGroup | Message | WireError)[] {
  const turns = conversation.filter((turn) => turn.from === from)
  const stream = Uint8Array.from(turns.flatMap(({ bytes }) => [...bytes]))
  const handshake = new HandshakeReader(from === 'leaf' ? 'called' : 'caller')
  const messages = gnutellaMessages().reader()
  const found: (HandshakeGroup | Message | WireError)[] = []
  const hear = (bytes: Uint8Array): void => {
    messages.push(bytes)
    for (let next = messages.next(); next != null && next !== 'goodbye'; next = messages.next()) {
      found.push(next)
    }
  }
  for (let at = 0; at < stream.length; at += chunk) {
    const bytes = stream.subarray(at, at + chunk)
    if (handshake.done) {
      hear(bytes)
      continue
    }
    handshake.push(bytes)
    for (let next = handshake.next(); next != null; next = handshake.next()) found.push(next)
    if (handshake.done) hear(handshake.rest)
  }
  return found
}

/** What a message of the conversation says. */
function payload<Type extends Message['payload']['type']>(
  type: Type
): (Message['payload'] & { type: Type })[] {
  const said = conversation.flatMap(({ says }) => ('payload' in says ? [says.payload] : []))
  return said.filter((each): each is Message['payload'] & { type: Type } => each.type === type)
}

describe('a conversation of Gnutella 0.6', () => {
  test.each(conversation.map((turn) => [turn.from, turn.what, turn] as const))(
    'the %s %s: written byte for byte',
    (_from, _what, { bytes, says }) => {
      expect(encode(says)).toEqual(bytes)
    }
  )

  test.each([1, 7, 64, 4096])('is read in chunks of %i, and written again as it was', (chunk) => {
    for (const from of ['leaf', 'ultrapeer'] as const) {
      const turns = conversation.filter((turn) => turn.from === from)
      const found = heard(from, chunk)
      expect(found).toEqual(turns.map(({ says }) => says))
      const again = found.map((each) => (each instanceof WireError ? each : encode(each)))
      expect(again).toEqual(turns.map(({ bytes }) => bytes))
    }
  })

  test('lets the query through while the leaf has the word, and not afterwards', () => {
    const receiver = new RouteTableReceiver()
    const [reset] = payload('reset')
    const [first, then] = payload('patch')
    const { text } = payload('query')[0]!
    expect(receiver.take(reset!)).toBeUndefined()
    expect(receiver.take(first!)).toBeUndefined()
    expect(receiver.table?.mayMatch(text)).toBe(true)
    expect(receiver.take(then!)).toBeUndefined()
    expect(receiver.table?.mayMatch(text)).toBe(false)
  })

  test('has metadata for who wants it, and hosts to go on with', () => {
    const [hit] = payload('query-hit')
    const block = privateGgep(hit!.trailer!)
    const data = block instanceof WireError ? block : ggepData(block[0]!)
    expect(new TextDecoder().decode(data as Uint8Array)).toBe(
      '<audios><audio title="test"/></audios>'
    )
    const [bye] = payload('bye')
    expect(parseHosts(headerOf(bye!.headers, 'x-try')!)).toEqual([{ ip: '192.0.2.7', port: 6346 }])
  })
})
