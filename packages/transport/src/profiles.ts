import {
  circuitRelayServer,
  circuitRelayTransport,
  type CircuitRelayService
} from '@libp2p/circuit-relay-v2'
import { identify, type Identify } from '@libp2p/identify'
import { memory } from '@libp2p/memory'
import { noise } from '@libp2p/noise'
import { ping, type Ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { dnsaddrResolver, type Libp2pOptions } from 'libp2p'
import { createLookup, type Dns } from './address/lookup.ts'
import { nameResolver } from './address/name-resolver.ts'
import { dialFilter, judgeText } from './dial-filter.ts'
import { guardedYamux } from './guards/guarded-yamux.ts'
import { pendingPerHost } from './guards/pending-per-host.ts'
import { guardRawConnections } from './guards/raw-connections.ts'
import { guardSecuredConnections } from './guards/secured-connections.ts'
import { limits } from './limits.ts'
import { isLocalPage, isSecurePage } from './page.ts'
import { socketEncrypters } from './socket-encrypters.ts'

/**
 * Where a node runs.
 *
 * - `memory`: nodes of one process, no ports; for tests
 * - `lan`: TCP and WebSockets on any free port, private addresses welcome, peers found by mDNS
 * - `public`: TCP, WebSockets and relayed connections, public addresses only
 * - `relay`: as `public`, and relays for others
 * - `browser`: WebSockets and relayed connections, listens on nothing
 */
export type Profile = 'memory' | 'lan' | 'public' | 'relay' | 'browser'

/** The services every profile brings; `relay` is there in the profile of that name. */
export type ProfileServices = { identify: Identify; ping: Ping; relay?: CircuitRelayService }

/** A preset, ready for `createLibp2p` and to be spread into options of one's own. */
export type ProfileOptions = Libp2pOptions<ProfileServices>

/**
 * A profile's libp2p options as plain data, for apps that create their node themselves.
 * mDNS is not among them, since it needs Node: {@link createNode} adds it.
 *
 * @param init.dns whom to ask for names @default the system's name servers
 */
export function profileOptions(profile: Profile, init: { dns?: Dns } = {}): ProfileOptions {
  if (profile === 'memory') return memoryOptions()
  if (profile === 'lan') return lanOptions()
  if (profile === 'browser') return browserOptions()
  return profile === 'relay' ? relayOptions(init.dns) : publicOptions(init.dns)
}

/** What all profiles share. */
function commonOptions(): ProfileOptions {
  return {
    connectionEncrypters: [guardSecuredConnections(noise())],
    streamMuxers: [guardedYamux()],
    services: { identify: identify(), ping: ping() },
    // a busy peer misses pings without being gone (js-libp2p#3463); modules keep deadlines of their own
    connectionMonitor: { abortConnectionOnPingFailure: false },
    connectionManager: {
      maxIncomingPendingConnections: limits.maxPendingInbound,
      inboundUpgradeTimeout: limits.upgradeTimeout,
      inboundStreamProtocolNegotiationTimeout: limits.negotiationTimeout,
      outboundStreamProtocolNegotiationTimeout: limits.negotiationTimeout,
      inboundConnectionThreshold: limits.inboundPerSecond,
      dialTimeout: limits.dialTimeout,
      addressDialTimeout: limits.addressTimeout
    },
    // said outright: in browsers libp2p would refuse private addresses otherwise
    connectionGater: { denyDialMultiaddr: () => false }
  }
}

/** TLS run by Node first; noise for browsers, and for nodes with nothing else. */
function encryptersOfSockets({
  connectionEncrypters = []
}: ProfileOptions): NonNullable<ProfileOptions['connectionEncrypters']> {
  return [...socketEncrypters, ...connectionEncrypters]
}

function memoryOptions(): ProfileOptions {
  return {
    ...commonOptions(),
    addresses: { listen: [`/memory/${crypto.randomUUID()}`] },
    transports: [memory()],
    // a ping per connection is what a process full of nodes spends most of its time on
    connectionMonitor: { enabled: false }
  }
}

function lanOptions(): ProfileOptions {
  const common = commonOptions()
  return {
    ...common,
    addresses: { listen: ['/ip4/0.0.0.0/tcp/0', '/ip4/0.0.0.0/tcp/0/ws'] },
    transports: [tcp(), webSockets()],
    connectionEncrypters: encryptersOfSockets(common),
    connectionProtector: guardRawConnections(),
    connectionManager: {
      ...common.connectionManager,
      inboundConnectionThreshold: limits.inboundPerSecondOnLan
    },
    connectionGater: { ...common.connectionGater, ...pendingPerHost(limits.maxPendingPerLanHost) }
  }
}

function publicOptions(dns?: Dns): ProfileOptions {
  const common = commonOptions()
  return {
    ...common,
    addresses: {
      listen: ['/ip4/0.0.0.0/tcp/0', '/ip4/0.0.0.0/tcp/0/ws', '/ip6/::/tcp/0', '/ip6/::/tcp/0/ws'],
      announceFilter
    },
    transports: [tcp(), webSockets(), circuitRelayTransport()],
    connectionEncrypters: encryptersOfSockets(common),
    connectionProtector: guardRawConnections(),
    connectionManager: {
      ...common.connectionManager,
      resolvers: { dnsaddr: dnsaddrResolver, dns: nameResolver(createLookup(dns)) }
    },
    connectionGater: {
      ...dialFilter(dns === undefined ? {} : { dns }),
      ...pendingPerHost(limits.maxPendingPerHost)
    }
  }
}

function relayOptions(dns?: Dns): ProfileOptions {
  const options = publicOptions(dns)
  const relay = circuitRelayServer({
    reservations: {
      maxReservations: limits.maxReservations,
      reservationTtl: limits.reservationTtl
    }
  })
  return {
    ...options,
    connectionManager: {
      ...options.connectionManager,
      maxConnections: limits.maxRelayConnections
    },
    services: { ...options.services, relay } as ProfileOptions['services'] & {}
  }
}

function browserOptions(): ProfileOptions {
  const common = commonOptions()
  return {
    ...common,
    addresses: { listen: [], announceFilter },
    transports: [webSockets(), circuitRelayTransport()],
    connectionProtector: guardRawConnections(),
    connectionGater: isLocalPage()
      ? common.connectionGater
      : dialFilter({ resolve: false, secureOnly: isSecurePage() })
  }
}

/** Private addresses are of no use to strangers and tell them about our network. */
const announceFilter: NonNullable<NonNullable<Libp2pOptions['addresses']>['announceFilter']> = (
  addresses
) => addresses.filter((address) => judgeText(address) === undefined)
