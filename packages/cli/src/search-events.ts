import type { SearchFlood } from '@peerage/search-flood'
import type { Output } from './output.ts'

/**
 * Tells of the searches that pass through this node, hop by hop: for programs only, since what
 * others look for is theirs, and there may be many.
 */
export function tellSearches(search: SearchFlood, output: Output): void {
  search.addEventListener('neighbour:add', ({ detail }) => {
    output.note('neighbour:add', { peer: detail.toString() })
  })
  search.addEventListener('neighbour:remove', ({ detail: { peer, reason } }) => {
    output.note('neighbour:remove', { peer: peer.toString(), reason })
  })
  search.addEventListener('query:seen', ({ detail: { id, from, ttl, hops, query } }) => {
    const { words } = query
    output.note('query:seen', { query: hex(id), from: from.toString(), ttl, hops, words })
  })
  search.addEventListener('query:forwarded', ({ detail: { id, to, ttl, hops } }) => {
    output.note('query:forwarded', { query: hex(id), to: to.map(String), ttl, hops })
  })
  search.addEventListener('query:answered', ({ detail: { id, to, items } }) => {
    output.note('query:answered', { query: hex(id), to: to.toString(), items })
  })
  search.addEventListener('hit:routed', ({ detail: { id, from, to, hops } }) => {
    const path = { from: from.toString(), to: to.toString() }
    output.note('hit:routed', { query: hex(id), ...path, hops })
  })
}

function hex(id: Uint8Array): string {
  return Buffer.from(id).toString('hex')
}
