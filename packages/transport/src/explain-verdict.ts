import type { AddressExplanation, DialExplanation, DialResult } from './explanation.ts'

type Conclusion = Pick<DialExplanation, 'result' | 'verdict' | 'advice'>

/** Sums up what became of a target's addresses. */
export function conclude(
  known: DialResult | undefined,
  addresses: AddressExplanation[]
): Conclusion {
  const result = known ?? resultOf(addresses)
  return { result, ...words[result](addresses) }
}

function resultOf(addresses: AddressExplanation[]): DialResult {
  const outcomes = new Set(addresses.map(({ outcome }) => outcome))
  if (outcomes.has('connected')) return 'connected'
  if (outcomes.size === 0) return 'no addresses'
  if (outcomes.has('failed') || outcomes.has('does not resolve')) return 'failed'
  return outcomes.has('denied') ? 'denied' : 'no transport'
}

const words: Record<
  DialResult,
  (addresses: AddressExplanation[]) => Pick<Conclusion, 'verdict' | 'advice'>
> = {
  connected: (addresses) => ({
    verdict: `Connected, through ${addresses.find(({ outcome }) => outcome === 'connected')?.address}.`,
    advice: 'Nothing needs doing.'
  }),
  self: () => ({
    verdict: 'That is this node itself.',
    advice: 'Dial somebody else; check for an identity file copied between machines.'
  }),
  'peer denied': () => ({
    verdict: 'The connection gater denies this peer, whatever its address.',
    advice: "Look at the gater's denyDialPeer in the node's libp2p options."
  }),
  'no addresses': () => ({
    verdict: 'No address of this peer is known.',
    advice:
      'Dial it once by a full multiaddr, or add discovery such as mDNS or a peer routing service.'
  }),
  'no transport': () => ({
    verdict: 'This node has no transport for any of the addresses.',
    advice: 'Choose a profile that has one, or add it under libp2p.transports.'
  }),
  denied: (addresses) => ({
    verdict: 'Every address that could be dialled is denied by the connection gater.',
    advice: adviseDenied(addresses)
  }),
  failed: (addresses) => ({
    verdict: 'The addresses were tried, and none of them answered as that peer.',
    advice: adviseFailed(addresses)
  })
}

function adviseDenied(addresses: AddressExplanation[]): string {
  if (addresses.some(({ rule }) => rule === 'insecure-websocket')) {
    return 'Use an address with TLS (/tls/ws), or serve the page over http for a local test.'
  }
  if (addresses.every(({ rule }) => rule === 'gater' || rule === undefined)) {
    return "Look at the gater's denyDialMultiaddr in the node's libp2p options."
  }
  return "Use the 'lan' profile for peers on this machine or network, else ask the peer to announce a public or relayed address."
}

/** What an error's text gives away, most telling first. */
const hints: [RegExp, string][] = [
  [
    /ECONNREFUSED/,
    'Nothing listens there: check that the peer is running and that this is its current port.'
  ],
  [
    /ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL/,
    'No route leads there: check the network, and IPv6 if it is an IPv6 address.'
  ],
  [
    /no answer within|ETIMEDOUT|timed? ?out/i,
    'A firewall or NAT may drop the packets: try a relayed address of the peer.'
  ],
  [
    /does not match|unexpected peer|identity/i,
    'Another peer answers there: ask for the current address.'
  ],
  [/leads to no address|ENOTFOUND/, 'The name is unknown: check its spelling and the DNS.']
]

function adviseFailed(addresses: AddressExplanation[]): string {
  const reasons = addresses.map(({ reason }) => reason ?? '').join('\n')
  const hint = hints.find(([pattern]) => pattern.test(reasons))?.[1]
  return (
    hint ?? 'Check that the peer is running and speaks libp2p there; the errors above say more.'
  )
}
