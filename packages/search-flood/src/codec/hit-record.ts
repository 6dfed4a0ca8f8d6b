import { checkItem, mediaTypes, type Item, type MediaType } from '@peerage/catalog'
import { WireError } from '@peerage/wire'
import { limits } from '../limits.ts'
import { HitItem, HitRecord as HitMessage } from '../pb/hit.js'
import { copied, textFault, whole } from './fields.ts'

/** What a responder signs. */
export interface HitRecord {
  readonly queryId: Uint8Array
  /** the responder's peer id, as multihash bytes */
  readonly responder: Uint8Array
  readonly items: readonly Item[]
  /** multiaddr bytes */
  readonly addresses: readonly Uint8Array[]
  /** milliseconds since 1970 by the responder's clock */
  readonly time: number
}

export function encodeHitRecord(record: HitRecord): Uint8Array {
  return HitMessage.encode({
    ...record,
    items: record.items.map(toMessage),
    addresses: [...record.addresses]
  })
}

export function decodeHitRecord(bytes: Uint8Array): HitRecord | WireError {
  try {
    return fromMessage(HitMessage.decode(bytes))
  } catch (cause) {
    return new WireError('a hit record is not the protobuf it should be', { cause })
  }
}

/**
 * As many of a responder's matches as may be sent: what others would refuse is left out, and what
 * no longer fits into one hit record as well.
 */
export function sendable(items: readonly Item[], max: number): Item[] {
  const sent: Item[] = []
  // room for the query's id, the responder, the addresses and the time
  let room = limits.maxHitRecord - limits.maxAddresses * (limits.maxAddress + 4) - 128
  for (const item of items) {
    if (sent.length >= Math.min(max, limits.maxItems)) break
    if (itemFault(item) != null) continue
    const size = HitItem.encode(toMessage(item)).byteLength + 4
    if (size > room) continue
    room -= size
    sent.push(item)
  }
  return sent
}

function toMessage(item: Item): HitItem {
  return { ...item, attributes: new Map(Object.entries(item.attributes)) }
}

function fromMessage(message: HitMessage): HitRecord | WireError {
  const { queryId, responder, addresses, time } = message
  if (queryId.byteLength !== limits.idLength) return new WireError('a hit record names no query')
  if (addresses.some(({ byteLength }) => byteLength > limits.maxAddress)) {
    return new WireError(`an address is longer than ${limits.maxAddress} bytes`)
  }
  const items = message.items.map(toItem)
  const fault = items.map(itemFault).find((error) => error != null)
  if (fault != null) return fault
  return Object.freeze({
    queryId: copied(queryId),
    responder: copied(responder),
    items: Object.freeze(items),
    addresses: Object.freeze(addresses.map(copied)),
    time: whole(time, Number.MAX_SAFE_INTEGER)
  })
}

function toItem({ id, name, size, type, attributes }: HitItem): Item {
  return Object.freeze({
    id,
    name,
    size: whole(size, Number.MAX_SAFE_INTEGER),
    type: isMediaType(type) ? type : 'other',
    attributes: Object.freeze(Object.fromEntries(attributes))
  })
}

function isMediaType(type: string): type is MediaType {
  return (mediaTypes as readonly string[]).includes(type)
}

function itemFault(item: Item): WireError | undefined {
  const fault = checkItem(item)
  if (fault != null) return new WireError(fault.message)
  const texts = [item.id, item.name, ...Object.entries(item.attributes).flat()]
  // the lengths have been checked already
  return texts.map((text) => textFault('text', text, Infinity)).find((error) => error != null)
}
