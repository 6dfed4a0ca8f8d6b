/** Every bound of the tracker, as data. Sizes in bytes, times in milliseconds. */
export const limits = {
  wire: {
    /** largest message: the peers of one answer, each with all its addresses */
    frame: 64 * 1024,
    /** longest address kept of a peer */
    address: 256,
    /** addresses kept of a peer; more are ignored */
    addresses: 4,
    /** torrents one scrape may ask for */
    scrape: 64,
    /** longest reason of a refusal, in characters */
    reason: 256,
    /** requests of one peer under way at a time */
    streams: 4
  },
  tracker: {
    /** peers remembered, all torrents together */
    peers: 20_000,
    /** torrents with at least one peer */
    swarms: 50_000,
    /** peers of one torrent; a newcomer takes the place of the one heard of longest ago */
    peersPerSwarm: 2_000,
    /** torrents one peer takes part in */
    swarmsPerPeer: 2_000,
    /** peers in torrents, all together; each is about 200 bytes */
    entries: 200_000,
    /** peers in one answer, at most */
    answer: 50,
    /** how often a peer should announce each torrent, at most 1 day */
    interval: 15 * 60_000,
    /** a peer not heard of for so many intervals is forgotten */
    intervalsKept: 2.5,
    /** requests a peer may make at once: all its torrents when it starts … */
    burst: 2_000,
    /** … and after that in a second */
    perSecond: 5
  },
  client: {
    /** peers asked for */
    want: 50,
    /** how long an answer may take */
    timeout: 10_000,
    /** how long the last word to a tracker may take when a torrent leaves */
    farewell: 2_000,
    /** shortest and longest interval obeyed, whatever the tracker says */
    shortestInterval: 60_000,
    longestInterval: 24 * 60 * 60_000,
    /** wait before a tracker that failed is asked again; doubles each time … */
    firstRetry: 15_000,
    /** … up to this */
    longestRetry: 30 * 60_000
  }
} as const
