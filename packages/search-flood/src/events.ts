import type { PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { FloodNews, FoundItem } from './core/vocabulary.ts'
import type { Hit, SearchFloodEvents } from './api.ts'

type EventName = keyof SearchFloodEvents

/** Which of the core's news are public events, and under which name. */
const names: Partial<Record<FloodNews['type'], EventName>> = {
  'neighbour-up': 'neighbour:add',
  'neighbour-down': 'neighbour:remove',
  'query-seen': 'query:seen',
  'query-forwarded': 'query:forwarded',
  'query-answered': 'query:answered',
  'hit-routed': 'hit:routed'
}

/** The name of the event that a piece of news becomes, if it becomes one. */
export function eventName(news: FloodNews): EventName | undefined {
  return names[news.type]
}

/** What goes with the event: the same, with peer ids in place of their text forms. */
export function eventDetail(news: FloodNews): SearchFloodEvents[EventName]['detail'] | undefined {
  const id = peerIdFromString
  switch (news.type) {
    case 'neighbour-up':
      return id(news.peer)
    case 'neighbour-down':
      return { peer: id(news.peer), reason: news.reason }
    case 'query-seen': {
      const { ttl, hops, query, from } = news
      return { id: news.id, from: id(from), ttl, hops, query }
    }
    case 'query-forwarded': {
      const { ttl, hops, to } = news
      return { id: news.id, to: to.map((peer): PeerId => id(peer)), ttl, hops }
    }
    case 'query-answered':
      return { id: news.id, to: id(news.to), items: news.items }
    case 'hit-routed':
      return { id: news.id, from: id(news.from), to: id(news.to), hops: news.hops }
    default:
      return undefined
  }
}

/** A found item as users see it. */
export function toHit({ item, responder, addresses, hops, via }: FoundItem): Hit {
  return {
    item,
    peer: peerIdFromString(responder),
    addresses: addresses.flatMap(readable),
    hops,
    via: peerIdFromString(via)
  }
}

/** A responder may speak of transports this node has never heard of. */
function readable(bytes: Uint8Array): Multiaddr[] {
  try {
    const address = multiaddr(bytes)
    // reading the parts is what finds the faults
    address.getComponents()
    return [address]
  } catch {
    return []
  }
}
