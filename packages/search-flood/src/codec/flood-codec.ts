import type { MediaType } from '@peerage/catalog'
import { WireError, type Codec } from '@peerage/wire'
import { limits } from '../limits.ts'
import { Frame, type Query as QueryMessage } from '../pb/flood.js'
import { copied, textFault, whole } from './fields.ts'
import type { FloodFrame, HitsFrame, QueryFrame } from './frame.ts'

/** Frames of `/peerage/flood/1.0.0` to bytes and back. Decoding is total and clamps every number. */
export const floodCodec: Codec<FloodFrame> = {
  encode: (frame) => Frame.encode(toMessage(frame)),
  decode: (bytes) => {
    try {
      return fromMessage(Frame.decode(bytes), bytes.byteLength)
    } catch (cause) {
      return new WireError('a frame is not the protobuf it should be', { cause })
    }
  }
}

function toMessage(frame: FloodFrame): Partial<Frame> {
  switch (frame.type) {
    case 'hello':
      return { hello: { ...frame, others: [...frame.others] } }
    case 'ping':
      return { ping: frame }
    case 'pong':
      return { pong: { others: [...frame.others] } }
    case 'query': {
      const { words, limit, ...filters } = frame.query
      return { query: { ...filters, ...frame, type: filters.type, text: words, max: limit ?? 0 } }
    }
    case 'hits':
      return { hits: frame }
    case 'bye':
      return { bye: { ...frame, others: [...frame.others] } }
  }
}

function fromMessage(message: Frame, size: number): FloodFrame | WireError {
  const { hello, ping, pong, query, hits, bye } = message
  if (query != null) return toQuery(query, size)
  if (hits != null) return toHits(hits, size)
  if (ping != null) return Object.freeze({ type: 'ping', want: whole(ping.want, limits.maxOthers) })
  if (hello != null) {
    const { degree, record, others } = hello
    const fault = recordsFault(record == null ? others : [record, ...others])
    if (fault != null) return fault
    return Object.freeze({
      type: 'hello',
      degree: whole(degree, limits.mostNeighbours),
      ...(record != null && { record: copied(record) }),
      others: others.map(copied)
    })
  }
  if (pong != null) {
    const { others } = pong
    return recordsFault(others) ?? Object.freeze({ type: 'pong', others: others.map(copied) })
  }
  if (bye != null) {
    const { reason, others } = bye
    const fault = textFault('reason', reason, limits.maxReason) ?? recordsFault(others)
    return fault ?? Object.freeze({ type: 'bye', reason, others: others.map(copied) })
  }
  return new WireError('a frame is of none of the kinds this version knows')
}

function toQuery(message: QueryMessage, size: number): QueryFrame | WireError {
  const { id, ttl, hops, text, type, minSize, maxSize, max } = message
  if (size > limits.maxQueryFrame) {
    return new WireError(`a query of ${size} bytes is over the limit of ${limits.maxQueryFrame}`)
  }
  const fault = idFault(id) ?? textFault('text', text, limits.maxText)
  if (fault != null) return fault
  return Object.freeze({
    type: 'query',
    id: copied(id),
    ttl: whole(ttl, 255),
    hops: whole(hops, 255),
    query: Object.freeze({
      words: text,
      // a kind that this version does not know equals no item's, and is passed on as it came
      ...(type != null && { type: type as MediaType }),
      ...(minSize != null && { minSize: whole(minSize, Number.MAX_SAFE_INTEGER) }),
      ...(maxSize != null && { maxSize: whole(maxSize, Number.MAX_SAFE_INTEGER) }),
      limit: whole(max, limits.maxItems)
    })
  })
}

function toHits(
  { queryId, hops, envelope }: { queryId: Uint8Array; hops: number; envelope: Uint8Array },
  size: number
): HitsFrame | WireError {
  if (size > limits.maxHitsFrame) {
    return new WireError(`hits of ${size} bytes are over the limit of ${limits.maxHitsFrame}`)
  }
  if (envelope.byteLength === 0) return new WireError('hits without an envelope')
  const fault = idFault(queryId)
  if (fault != null) return fault
  return Object.freeze({
    type: 'hits',
    queryId: copied(queryId),
    hops: whole(hops, 255),
    envelope: copied(envelope)
  })
}

function idFault(id: Uint8Array): WireError | undefined {
  if (id.byteLength === limits.idLength) return undefined
  return new WireError(`a query's id is ${id.byteLength} bytes long, not ${limits.idLength}`)
}

function recordsFault(records: readonly Uint8Array[]): WireError | undefined {
  if (records.every(({ byteLength }) => byteLength <= limits.maxPeerRecord)) return undefined
  return new WireError(`a peer record is longer than ${limits.maxPeerRecord} bytes`)
}
