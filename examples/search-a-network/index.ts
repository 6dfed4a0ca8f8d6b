// Shows: a search that reaches peers it knows nothing of, and what each of them sees of it.
// Run:   npx -c 'node --conditions=@peerage/source examples/search-a-network/index.ts'
import { Catalog, mediaTypeOf } from '@peerage/catalog'
import { searchFlood } from '@peerage/search-flood'
import { createNode } from '@peerage/transport'

/** A peer that shares one item. With no least number of neighbours it keeps to the one it joins. */
function start(id: string, name: string) {
  const catalog = new Catalog()
  catalog.add({ id, name, size: 4_000_000, type: mediaTypeOf(name), attributes: {} })
  return createNode({
    profile: 'lan',
    listen: ['/ip4/127.0.0.1/tcp/0'],
    mdns: false,
    services: { search: searchFlood({ catalog, neighbours: { min: 0, max: 2 } }) }
  })
}

// four in a row: each has the next for a neighbour
const row = [
  await start('a1', 'shopping list.txt'),
  await start('b2', 'Erik Satie - Gymnopédie 1.ogg'),
  await start('c3', 'family tree.pdf'),
  await start('d4', 'Gymnopédie no. 3, by Satie.flac')
]
for (const [at, node] of row.slice(0, -1).entries()) {
  await node.services.search.join(row[at + 1]!.getMultiaddrs())
}
const seen: string[] = []
for (const [at, node] of row.entries()) {
  node.services.search.addEventListener('query:seen', ({ detail: { query, ttl } }) => {
    seen.push(`peer ${at + 1} saw "${query.words}", which might go ${ttl - 1} links further`)
  })
}

// accents and case make no difference, and all words must be there
const search = row[0]!.services.search.search('gymnopedie satie', { limit: 2, timeout: 5_000 })
for await (const { item, hops, peer } of search) {
  const owner = row.findIndex((node) => node.peerId.equals(peer)) + 1
  console.log(`found "${item.name}" at peer ${owner}, hops: ${hops}`)
}
const { reason, responders } = await search.ended
console.log(`ended by ${reason}, with answers of ${responders} peers`)
console.log(seen.join('\n'))

await Promise.all(row.map(async (node) => node.stop()))
