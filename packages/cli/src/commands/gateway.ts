import { readFile } from 'node:fs/promises'
import { Catalog, mediaTypeOf } from '@peerage/catalog'
import { isPeerId } from '@libp2p/interface'
import type {
  Gateway,
  Pipe,
  ServeOptions,
  SwarmAddress,
  TcpAddress
} from '@peerage/gateway-bittorrent'
import { parseTorrent, type PeerAddress, type Torrent } from '@peerage/swarm'
import type { Node } from '@peerage/transport'
import type { Command, Context } from '../command.ts'
import { UsageError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { type GatewayServices, openGateway } from '../gateway-node.ts'
import { joinNetwork } from '../join-network.ts'
import { providersOf } from '../providers.ts'
import { readTcpAddress } from '../tcp-address.ts'
import { count, formatBytes } from '../units.ts'

/** What the command line says to let through, and where. */
interface Plan {
  readonly listen: TcpAddress
  readonly torrents: readonly Torrent[]
  readonly clients: readonly TcpAddress[]
  readonly trackers: readonly string[]
}

/** `peerage gateway bittorrent` */
export const gateway: Command = {
  name: 'gateway',
  summary: 'let BitTorrent clients into the network, and peers of it to them',
  usage: 'gateway bittorrent',
  example: 'peerage gateway bittorrent --accept 0.0.0.0:6881 --torrent film.torrent',
  details:
    'Clients that connect are joined to peers that share the torrent; peers that fetch it\n' +
    'are joined to the clients named by --peer and by trackers. Nothing is kept here.',
  operands: { least: 1, most: 1 },
  options: [
    { flag: 'torrent', value: 'file', many: true, about: 'a .torrent to let through' },
    { flag: 'accept', value: 'host:port', about: 'where clients connect (default: 0.0.0.0:6881)' },
    { flag: 'peer', value: 'host:port', many: true, about: 'a client that has the torrents' },
    {
      flag: 'tracker',
      value: 'url',
      many: true,
      about: 'a tracker to tell, and to ask for clients'
    }
  ],

  async run(context) {
    const { args, settings, output, signal } = context
    const plan = await readPlan(context)
    const catalog = new Catalog()
    const node = await openGateway({ settings, catalog, listen: plan.listen })
    try {
      tellPipes(node.services.gateway, context)
      await joinNetwork(node, context)
      for (const torrent of plan.torrents) serve(node, catalog, torrent, plan)
      tellHowToReach(node, plan, context)
      if (args.list('join').length === 0 && !settings.mdns) {
        output.warn('there is nobody to join clients to: name a peer of a network with --join')
      }
      await untilAborted(signal)
      return exitCodes.interrupted
    } finally {
      output.end()
      await node.stop()
    }
  }
}

async function readPlan({ args }: Context): Promise<Plan> {
  const [kind] = args.operands
  if (kind !== 'bittorrent') {
    throw new UsageError(`there is no gateway "${kind}"; there is bittorrent`)
  }
  const files = args.list('torrent')
  if (files.length === 0) throw new UsageError('name what to let through: --torrent <file>')
  const torrents = await Promise.all(files.map(async (file) => parseTorrent(await readFile(file))))
  const secret = torrents.find((torrent) => torrent.private)
  if (secret !== undefined) {
    throw new UsageError(`${secret.name} is private: only its own tracker may bring peers together`)
  }
  return {
    listen: readTcpAddress('accept', args.text('accept') ?? '0.0.0.0:6881'),
    torrents,
    clients: args.list('peer').map((text) => readTcpAddress('peer', text)),
    trackers: args.list('tracker')
  }
}

/** Lets clients come to peers, and, where there may be clients to go to, peers find us. */
function serve(
  { services: { gateway, search } }: Node<GatewayServices>,
  catalog: Catalog,
  { id, infoHash, infoHashV2, name, length: size, version }: Torrent,
  { clients, trackers }: Plan
): void {
  const options: ServeOptions = {
    clients,
    trackers,
    findPeers: (_, finding) => dialable(providersOf(search, infoHash, finding))
  }
  gateway.serve(infoHash, options)
  // some clients of a hybrid know it by version 2's hash alone
  if (version === 'hybrid' && infoHashV2 !== undefined) {
    gateway.serve(infoHashV2.slice(0, 20), options)
  }
  if (clients.length + trackers.length === 0) return
  const attributes = { btih: id.replace('btih:', '') }
  catalog.add({ id, name, size, type: mediaTypeOf(name), attributes })
}

/** Clients' nodes know nobody: a peer without addresses cannot be reached from them. */
async function* dialable(peers: AsyncIterable<PeerAddress>): AsyncGenerator<SwarmAddress> {
  for await (const peer of peers) if (!isPeerId(peer)) yield peer
}

function tellHowToReach(
  node: Node<GatewayServices>,
  { torrents }: Plan,
  { output }: Context
): void {
  for (const { id, name, length } of torrents) {
    output.result('serving', { id, name, length }, `${name}  ${formatBytes(length)}  ${id}`)
  }
  const { host, port } = node.services.gateway.address!
  const addresses = node.getMultiaddrs().map(String)
  output.result(
    'gateway',
    { host, port, peer: node.peerId.toString(), addresses },
    '',
    `${count(torrents.length, 'torrent')} until Ctrl-C`,
    `clients connect to:  ${host}:${port}`,
    `peers join by:       --join ${addresses[0]}`
  )
}

function tellPipes(gateway: Gateway, { output }: Context): void {
  gateway.addEventListener('pipe:open', ({ detail }) => {
    output.note('joined-client', fieldsOf(detail), `${route(detail)}: joined`)
  })
  gateway.addEventListener('pipe:close', ({ detail }) => {
    const { fromClient, toClient, error } = detail
    const bytes = `${formatBytes(fromClient)} in, ${formatBytes(toClient)} out`
    const why = error === undefined ? '' : `; ${error.message}`
    const fields = { ...fieldsOf(detail), fromClient, toClient, error: error?.message }
    output.note('left-client', fields, `${route(detail)}: left after ${bytes}${why}`)
  })
  gateway.addEventListener('pipe:fail', ({ detail: { error } }) => output.warn(error.message))
  gateway.addEventListener('tracker:fail', ({ detail: { error } }) => output.warn(error.message))
  gateway.addEventListener('tracker:answer', ({ detail: { url, clients } }) => {
    output.note('tracker', { url, clients }, `${url} names ${count(clients, 'client')}`)
  })
}

function route({ client: { host, port }, peer, direction }: Pipe): string {
  const ends = [`client ${host}:${port}`, `peer ${peer}`]
  return (direction === 'inbound' ? ends : ends.reverse()).join(' to ')
}

function fieldsOf({ infoHash, client, peer, direction }: Pipe): object {
  const id = `btih:${Buffer.from(infoHash).toString('hex')}`
  return { id, ...client, peer: peer.toString(), direction }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
