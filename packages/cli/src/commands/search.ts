import { mediaTypes, type MediaType, type Query } from '@peerage/catalog'
import type { Hit, SearchEnd } from '@peerage/search-flood'
import type { Arguments } from '../arguments.ts'
import type { Command, Context } from '../command.ts'
import { DataFolder } from '../data-folder.ts'
import { NothingFoundError, UsageError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { HitList } from '../hit-list.ts'
import { joinNetwork } from '../join-network.ts'
import { openNode } from '../node.ts'
import { saveHits } from '../saved-hits.ts'
import { tellSearches } from '../search-events.ts'
import { waitForNeighbour } from '../wait-for-neighbour.ts'
import { count, formatBytes } from '../units.ts'

/** How long peers of the local network get to be found, in milliseconds. */
const discovery = 5_000

/** `peerage search <words>` */
export const search: Command = {
  name: 'search',
  summary: 'search the network by words; every hit has a number for get',
  usage: 'search <words>',
  example: 'peerage search moon landing --type video --limit 20',
  details:
    'All words must be in the name of a file or of its folder. Hits are printed as they\n' +
    'come, and kept, so that "peerage get 1" fetches the first.',
  operands: { least: 1, most: 64 },
  options: [
    { flag: 'type', value: 'type', about: `one of ${mediaTypes.join(', ')}` },
    { flag: 'min-size', value: 'size', about: 'at least so large, such as 20M' },
    { flag: 'max-size', value: 'size', about: 'at most so large' },
    { flag: 'limit', value: 'number', about: 'end after so many hits (default: 100)' },
    { flag: 'timeout', value: 'seconds', about: 'how long to wait for hits (default: 5)' },
    { flag: 'ttl', value: 'hops', about: 'how far the search goes, 1 to 7 (default: 7)' }
  ],

  async run(context) {
    const { args, settings, output, signal } = context
    const query = readQuery(args)
    const limit = args.integer('limit', 1, 1_000) ?? 100
    const timeout = (args.integer('timeout', 1, 3_600) ?? 5) * 1_000
    const ttl = args.integer('ttl', 1, 7)
    const node = await openNode({ settings })
    try {
      tellSearches(node.services.search, output)
      await joinNetwork(node, context)
      if (!(await waitForNeighbour(node.services.search, discovery, signal)) && !signal.aborted) {
        throw new NothingFoundError('there is nobody to ask: name a peer of a network with --join')
      }
      const hits = new HitList()
      const options = { limit, timeout, signal, ...(ttl !== undefined && { ttl }) }
      const run = node.services.search.search(query, options)
      for await (const hit of run) show(hit, hits, context)
      const end = await run.ended
      await saveHits(new DataFolder(settings.data), hits.found)
      return conclude(end, hits, context)
    } finally {
      output.end()
      await node.stop()
    }
  }
}

function readQuery(args: Arguments): Query {
  const type = args.text('type')
  if (type !== undefined && !isMediaType(type)) {
    throw new UsageError(`--type takes one of ${mediaTypes.join(', ')}, not "${type}"`)
  }
  const words = args.operands.join(' ')
  return { words, type, minSize: args.bytes('min-size'), maxSize: args.bytes('max-size') }
}

function isMediaType(text: string): text is MediaType {
  return (mediaTypes as readonly string[]).includes(text)
}

function show(hit: Hit, hits: HitList, { output }: Context): void {
  const { number, isNew } = hits.add(hit)
  const { item, hops } = hit
  const peer = hit.peer.toString()
  const addresses = hit.addresses.map(String)
  const away = `    from ${peer}, ${count(hops, 'hop')} away`
  const head = `${number}  ${item.name}  ${formatBytes(item.size)}  ${item.type}  ${item.id}`
  const via = hit.via.toString()
  const fields = { number, ...item, peer, addresses, hops, via }
  output.result('hit', fields, ...(isNew ? [head, away] : [`${number}  another source`, away]))
}

const reasons: Readonly<Record<SearchEnd['reason'], string>> = {
  limit: 'ended, because there are as many as --limit allows',
  timeout: 'ended, because the time was up',
  cancelled: 'stopped',
  'no neighbours': 'ended, because the last neighbour left; search again, or join others by --join',
  'too many searches': 'not begun, because too many are under way'
}

function conclude(end: SearchEnd, hits: HitList, { args, output, signal }: Context): number {
  const files = hits.found.length
  const { reason } = end
  const words = args.operands.join(' ')
  const summary = `${count(files, 'file')} from ${count(end.responders, 'peer')}; ${reasons[reason]}`
  const next = files > 0 && !signal.aborted ? ['to fetch the first: peerage get 1'] : []
  output.note('end', { ...end, files }, summary, ...next)
  if (signal.aborted) return exitCodes.interrupted
  if (files > 0) return exitCodes.ok
  throw new NothingFoundError(
    `nothing found for "${words}"; try fewer words, or join more peers with --join`
  )
}
