import { peerIdFromString } from '@libp2p/peer-id'
import type { TransferEvents } from './api.ts'
import type { TorrentNews } from './core/vocabulary.ts'

type Told = { [Type in keyof TransferEvents]: [Type, TransferEvents[Type]['detail']] }
type TransferEvent = Told[keyof TransferEvents]

/** What the user hears of a core's news; undefined for what is none, or is more than that. */
export function eventOf(news: TorrentNews): TransferEvent | undefined {
  switch (news.type) {
    case 'metadata':
      return ['metadata:receive', news.torrent]
    case 'piece':
    case 'bad-piece': {
      const detail = { piece: news.piece, from: news.from.map((peer) => peerIdFromString(peer)) }
      return [news.type === 'piece' ? 'piece:verify' : 'piece:reject', detail]
    }
    case 'lost-piece':
      return ['piece:lose', { piece: news.piece }]
    case 'disk':
      return news.error == null ? ['disk:recover', undefined] : ['disk:fail', news.error]
    case 'queued':
      return ['queue:place', { peer: peerIdFromString(news.peer), ...news.place }]
    case 'complete':
    case 'incomplete':
    case 'hopeless':
    case 'progress':
      return undefined
  }
}
