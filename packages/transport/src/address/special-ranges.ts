/**
 * Addresses that do not lead to one host on the public Internet, after IANA's special-purpose
 * registries (RFC 6890 and its updates).
 */

/** IPv4 ranges refused; all others are global. */
export const specialIp4 = [
  '0.0.0.0/8', // this network, RFC 791
  '10.0.0.0/8', // private, RFC 1918
  '100.64.0.0/10', // carrier-grade NAT, RFC 6598
  '127.0.0.0/8', // loopback, RFC 1122
  '169.254.0.0/16', // link local and cloud metadata, RFC 3927
  '172.16.0.0/12', // private, RFC 1918
  '192.0.0.0/24', // protocol assignments, RFC 6890
  '192.0.2.0/24', // documentation, RFC 5737
  '192.31.196.0/24', // AS112, RFC 7535
  '192.52.193.0/24', // AMT, RFC 7450
  '192.88.99.0/24', // 6to4 relays, RFC 7526
  '192.168.0.0/16', // private, RFC 1918
  '192.175.48.0/24', // AS112, RFC 7534
  '198.18.0.0/15', // benchmarking, RFC 2544
  '198.51.100.0/24', // documentation, RFC 5737
  '203.0.113.0/24', // documentation, RFC 5737
  '224.0.0.0/4', // multicast, RFC 5771
  '240.0.0.0/4' // reserved and broadcast, RFC 1112
]

/** The only IPv6 range with global unicast addresses, RFC 4291 §2.4. */
export const globalIp6 = '2000::/3'

/**
 * Parts of it refused all the same. What lies outside is refused without being listed: loopback,
 * mapped and compatible IPv4, NAT64, unique and site local, link local, multicast.
 */
export const specialIp6 = [
  '2001::/23', // protocol assignments, Teredo (RFC 4380) and ORCHID among them
  '2001:db8::/32', // documentation, RFC 3849
  '2002::/16', // 6to4, which embeds any IPv4 address, RFC 3056
  '2620:4f:8000::/48', // AS112, RFC 7534
  '3fff::/20' // documentation, RFC 9637
]

/** Last labels that never lead outside the local network (RFC 6761, 6762, 8375 and custom). */
export const localNames = new Set([
  'localhost',
  'localdomain',
  'local',
  'lan',
  'home',
  'internal',
  'intranet',
  'private',
  'corp',
  'arpa',
  'onion',
  'test',
  'example',
  'invalid'
])
