/**
 * Every bound in this gateway, as data. Sizes in bytes, times in milliseconds unless the name says
 * otherwise.
 */
export const limits = {
  pipes: {
    /** TCP connections that are piped or about to be, all torrents together */
    total: 200,
    /** … from one address; each of them is an identity of its own in the swarm */
    perAddress: 8,
    /** … and of one libp2p peer: each is a torrent */
    perPeer: 64,
    /** how long a TCP client may take to say which torrent it wants */
    handshakeTimeout: 10_000,
    /** how long it may take to reach the other side, all candidates together */
    connectTimeout: 20_000,
    /** candidates tried for one connection */
    attempts: 5,
    /** a pipe without a byte for this long is closed; keep-alives come every two minutes (BEP 3) */
    idleTimeout: 180_000
  },
  wire: {
    /** largest message that is carried, without its length: what swarm takes, and libtorrent */
    message: 1024 * 1024,
    /** largest extended handshake, which is read here */
    extendedHandshake: 32 * 1024,
    /** largest bitfield that is sent on as nine bytes a piece, when it is not the first message */
    lateBitfield: 16 * 1024,
    /** containers inside one another, and values, of an extended handshake */
    bencode: { depth: 8, tokens: 1_000 }
  },
  torrents: {
    /** torrents served at a time */
    served: 1_000,
    /** BitTorrent clients known of one torrent; those tried longest ago go first */
    clients: 200,
    /** libp2p peers known of one torrent, likewise */
    peers: 200
  },
  tracker: {
    /** largest answer of an HTTP tracker */
    answer: 256 * 1024,
    /** containers inside one another, and values, of an answer */
    bencode: { depth: 8, tokens: 20_000 },
    /** peers taken from one answer */
    peers: 200,
    /** longest tracker address, in characters */
    url: 2_048,
    /** longest failure reason that is shown, in characters */
    reason: 200,
    /** an announcement takes no longer than this, retries included */
    timeout: 30_000,
    /** a UDP tracker is asked again after this, then after twice as long (BEP 15 waits 15 s) */
    firstRetry: 4_000,
    /** peers asked for in one announcement */
    numWant: 50,
    /** between two announcements when the tracker names no interval */
    interval: 30 * 60_000,
    /** … and never sooner or later than this, whatever it says */
    shortestInterval: 60_000,
    longestInterval: 2 * 3_600_000,
    /** first wait after an announcement that failed; doubles each time up to `interval` */
    firstWait: 30_000,
    /** how long saying "stopped" may hold up the end */
    farewell: 2_000,
    /** trackers of one torrent */
    perTorrent: 20
  }
} as const
