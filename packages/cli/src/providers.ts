import type { SearchFlood } from '@peerage/search-flood'
import type { PeerAddress } from '@peerage/swarm'
import { withPeer } from './addresses.ts'
import { waitForNeighbour } from './wait-for-neighbour.ts'

/** How long to wait for somebody to ask, and then for answers, in milliseconds. */
const waits = { neighbour: 30_000, answers: 10_000 }

/** The swarm asks once a minute: an answer that is lost, or a network that still gathers, is asked again. */
const tries = 3

/** Who shares a torrent: shares have the info-hash among their words, so a search finds them. */
export async function* providersOf(
  search: SearchFlood,
  infoHash: Uint8Array,
  { signal = new AbortController().signal }: { signal?: AbortSignal }
): AsyncGenerator<PeerAddress> {
  const hash = Buffer.from(infoHash).toString('hex')
  let found = 0
  for (let left = tries; left > 0 && found === 0; left--) {
    if (!(await waitForNeighbour(search, waits.neighbour, signal)) || signal.aborted) return
    for await (const hit of search.search(hash, { signal, timeout: waits.answers })) {
      // anybody may put any word into a name
      if (hit.item.id !== `btih:${hash}`) continue
      found++
      const addresses = hit.addresses.map((address) => withPeer(address, hit.peer))
      yield addresses.length === 0 ? hit.peer : addresses
    }
  }
}
