/**
 * Every bound in transport, as data. Sizes in bytes, times in milliseconds unless the name says
 * otherwise.
 */
export const limits = {
  /** inbound connections that have not finished their upgrade, all hosts together */
  maxPendingInbound: 128,
  /** … and from one IPv4 address or IPv6 /56; go-libp2p allows the same number */
  maxPendingPerHost: 8,
  /** the same on a `lan`, where one machine often runs many nodes */
  maxPendingPerLanHost: 64,
  /** new inbound connections per second from one address; offices and carriers share theirs */
  inboundPerSecond: 10,
  /** the same on a `lan` */
  inboundPerSecondOnLan: 1_000,
  /** connections of a relay; leaves and callers both count */
  maxRelayConnections: 400,
  /** an inbound connection is encrypted and multiplexed within this time, or closed */
  upgradeTimeout: 3_000,
  /** a new stream has agreed on its protocol within this time, or is reset */
  negotiationTimeout: 5_000,
  /** a whole dial, name lookups included */
  dialTimeout: 10_000,
  /** one address of a dial */
  addressTimeout: 3_000,
  /** how far a stream's receive window may grow; also the longest yamux frame accepted */
  maxStreamWindow: 1024 * 1024,
  /** bytes a paused stream keeps; not below the window, or a paused stream is reset */
  maxReadBuffer: 4 * 1024 * 1024,
  /** streams on one connection, each way */
  maxStreams: 128,
  /** bytes either side may send before a protocol is agreed on */
  maxNegotiationBytes: 2_048,
  /** bytes of one negotiation message, as multistream-select has it */
  maxNegotiationMessage: 1_024,
  /** bytes of its length prefix: two reach 16,383 */
  maxNegotiationPrefix: 2,
  /** bytes of a peer's TLS certificate; one with the largest RSA key has some 3,500 */
  maxCertificate: 8 * 1024,
  /** extensions in it; libp2p needs one */
  maxExtensions: 16,
  /** bytes TLS buffers each way before it stops reading, or tells the writer to wait */
  tlsBuffer: 256 * 1024,
  /** a closing TLS connection waits this long for the peer to close its side */
  lingerTimeout: 500,
  /** one question to a name server */
  lookupTimeout: 2_000,
  /** how often it is asked */
  lookupTries: 2,
  /** addresses taken from one name lookup */
  maxAddressesPerName: 8,
  /** addresses `explainDial` tries, one after the other */
  maxExplained: 16,
  /** reservations a relay holds at once */
  maxReservations: 128,
  /** how long a reservation lives unless it is refreshed */
  reservationTtl: 60 * 60_000
} as const
