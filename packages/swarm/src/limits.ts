/**
 * Every bound in swarm, as data. Sizes in bytes, times in milliseconds unless the name says
 * otherwise.
 */
export const limits = {
  bencode: {
    /** containers inside one another, and values (keys included), of a `.torrent` or info dictionary */
    file: { depth: 32, tokens: 200_000 },
    /** … and of a dictionary inside a peer message */
    peer: { depth: 8, tokens: 1_000 }
  },
  metainfo: {
    /** largest `.torrent` file, and largest info dictionary taken from peers */
    size: 10 * 1024 * 1024,
    /** pieces of one torrent */
    pieces: 2 ** 20,
    smallestPiece: 1024,
    /** a piece is held in memory until it is verified */
    largestPiece: 64 * 1024 * 1024,
    /** folders and file name of one path, the torrent's name included */
    pathParts: 32,
    /** one part of a path, in UTF-8: what ext4, APFS and NTFS all take */
    pathPart: 255,
    /** tracker addresses kept, all tiers together; more are ignored */
    trackers: 200,
    /** longest tracker address kept */
    trackerUrl: 2_048
  },
  magnet: {
    /** longest link, in characters */
    text: 16 * 1024,
    /** peer hints kept of each kind; more are ignored */
    hints: 64,
    /** longest peer hint, in characters */
    hint: 512,
    /** longest display name kept, in characters */
    name: 255,
    /** ranges of files a link may select; with more it selects none */
    ranges: 1_000
  },
  create: {
    /** smallest piece that is chosen by itself */
    smallestPiece: 16 * 1024,
    /** largest piece that is chosen by itself */
    largestPiece: 8 * 1024 * 1024,
    /** the piece length grows until there are no more pieces than this */
    pieces: 1_500
  },
  storage: {
    /** files one torrent has open at a time */
    openFiles: 32,
    /** verified bytes after which the journal asks for a sync … */
    journalBytes: 16 * 1024 * 1024,
    /** … and that may be added while one is under way: after a crash all of these are hashed again */
    journalMost: 24 * 1024 * 1024,
    /** … and the longest a verified piece waits for one */
    journalDelay: 2_000,
    /** remembered pieces that are hashed again at a start, as a sample */
    spotPieces: 8,
    /** … and the most bytes that sample may read */
    spotBytes: 16 * 1024 * 1024,
    /** bytes of a record in a browser's database, at most: as much as is read at a time for a peer */
    record: 128 * 1024,
    /** a file changed longer than this after its journal was changed by somebody else */
    clockSlack: 60_000
  },
  wire: {
    /** largest message after the handshake, without its length */
    message: 1024 * 1024,
    /** largest message of an unknown kind; it is read and forgotten */
    unknown: 64 * 1024,
    /** largest extended message without its two numbers: a piece of metadata and its dictionary */
    extended: 32 * 1024,
    /** extended messages of one peer; 10 MiB of metadata take 640 */
    talk: { capacity: 2_000, perSecond: 100 },
    /** bytes of one request and its answer; others close the channel on more (BEP 3) */
    block: 16 * 1024,
    /** how long a peer may take to say which torrent a channel is for */
    handshakeTimeout: 10_000,
    /** a channel with no bytes in either direction for this long is closed */
    idleTimeout: 120_000,
    /** torrents two peers may share at a time: each is a stream */
    streams: 64,
    /** silence after which we say that we are still here; Transmission waits 100 s */
    keepAlive: 55_000,
    /**
     * pieces announced one by one to a peer that came before we knew the torrent; with more it is
     * dropped, and gets a bitfield when it comes again
     */
    lateHaves: 10_000
  },
  peers: {
    /** channels of one torrent */
    connected: 50,
    /** channels of all torrents together */
    channels: 512,
    /** dials of one torrent under way at a time */
    dialling: 8,
    /** peers of one torrent that are known and may be tried */
    known: 2_000,
    /** wait before a peer is tried again; doubles each time … */
    firstRetry: 5_000,
    /** … up to this */
    longestRetry: 10 * 60_000,
    /** wait before peers are looked for again, while there is something to fetch */
    findEvery: 60_000
  },
  picker: {
    /** pieces chosen at random before rarest first begins, to have something to give soon */
    randomFirst: 4,
    /** begun pieces are finished first when there are more of them than this times the peers … */
    begunPerPeer: 1.5,
    /** … and none is begun while begun ones hold this many bytes, one piece at least excepted */
    begunBytes: 64 * 1024 * 1024,
    /** memory of stored pieces kept to be used again, in bytes */
    spareBytes: 8 * 1024 * 1024,
    /** pieces of a peer that comes or goes from which on all are sorted anew, instead of one by one */
    sortFrom: 50,
    /** a piece due within this many milliseconds is asked of several peers at once */
    late: 2_000,
    /** how long a piece lent to one peer alone is left to it in the endgame, however slow it is */
    alone: 30_000,
    /** requesters of one block in the endgame or of a late piece, the first included */
    requesters: 3
  },
  fast: {
    /** pieces a new peer may ask for while we choke it; BEP 6's figure */
    set: 10,
    /** … and that we take note of when a peer lets us; more are ignored */
    accepted: 32
  },
  requests: {
    /** requests kept open to a peer at first, and at least */
    floor: 8,
    /** … and at most, for a peer that names no `reqq` of its own; BEP 10's figure */
    ceiling: 250,
    /** times one block's request to one peer may be taken back and still be answered late */
    lapses: 32,
    /** requests of one torrent open at a time, all peers together, in bytes */
    bytes: 32 * 1024 * 1024,
    /** seconds of a peer's rate that are kept requested, beyond its fastest answer */
    ahead: 1_000,
    /** slow start ends when a second's rate grows by less than this, in bytes per second */
    slowStartGain: 5_000,
    /** silence after which a peer that owes us blocks is snubbed, at first; after two they go to others … */
    firstTimeout: 10_000,
    /** … and after this many answers by the time they took: at least, at most */
    firstAnswers: 8,
    shortestTimeout: 3_000,
    longestTimeout: 60_000
  },
  uploads: {
    /** requests of one peer that wait to be served; our `reqq` */
    queue: 250,
    /**
     * requests of a choked peer that are refused before it is dropped, beyond the queue it may have
     * had on its way; libtorrent's `max_rejects`
     */
    refusals: 50,
    /** bytes read from disk at a time for requests in a row */
    read: 256 * 1024,
    /** … and at first, while a peer's rate is not known */
    firstRead: 64 * 1024,
    /** reads of one peer under way at a time */
    reads: 2,
    /** peers served at a time, the optimistic one included */
    slots: 4,
    /** between two rounds of choosing whom to serve */
    round: 10_000,
    /** tit-for-tat looks back about as far as with Cohen's rate over 20 s, so that bursts even out */
    memory: 10_000,
    /** between two choices of the optimistic one */
    optimistic: 30_000,
    /** a peer known for less than this is three times as likely to be that one */
    newcomer: 60_000,
    /** a seed serves a peer for this many pieces … */
    quotaPieces: 4,
    /** … and this long before it is another's turn … */
    quotaTime: 20_000,
    /** … but no longer than this, however little it takes */
    longestTurn: 300_000
  },
  queue: {
    /** torrents up to this length go through the quick lane */
    quickLane: 64 * 1024,
    /** between two rounds of giving out slots */
    round: 1_000,
    /** peers that wait, all torrents together; more are not noted */
    entries: 4_000,
    /** how long a peer that went away keeps its place */
    grace: 300_000,
    /** a turn ends after so many bytes … */
    turnBytes: 10 * 1024 * 1024,
    /** … or so long, when others wait … */
    turnTime: 300_000,
    /** … and when a peer takes nothing for so long */
    idle: 60_000,
    /** every so many slots one goes to a newcomer */
    newcomerEvery: 4,
    /** between two messages that tell a peer where it stands */
    tell: 10_000,
    /** peers whose credit is noted */
    creditPeers: 4_096,
    /** verified bytes from which on a peer has credit */
    creditFrom: 1024 * 1024,
    /** how much more the waiting of one who gave can count than a stranger's */
    mostCredit: 10
  },
  metadata: {
    /** bytes of one piece of metadata (BEP 9) */
    piece: 16 * 1024,
    /** requests open to one peer */
    requests: 4,
    /** peers that are asked at the same time, each for the whole */
    attempts: 3,
    /** silence after which another peer is asked */
    timeout: 10_000,
    /** times a peer may fetch the whole metadata from us */
    copies: 4,
    /** pieces a peer may announce one by one before we know how many there are; more are ignored */
    earlyHaves: 10_000
  },
  hashes: {
    /** hashes of one request, without their proof; BEP 52's figure */
    length: 512,
    /** hashes of a proof: a file of 2^53 bytes has a tree of 39 layers */
    proofs: 40,
    /** requests open to one peer */
    requests: 4,
    /** silence after which other peers are asked, and rest of a peer that rejected or was silent */
    timeout: 10_000,
    /** how long a hybrid waits for hashes of version 2: its pieces have those of version 1 */
    patience: 10_000,
    /** times a peer may fetch all piece layers from us */
    copies: 4
  },
  pex: {
    /** peers added, and peers dropped, in one message; BEP 11's figure */
    peers: 50,
    /** bytes of one signed record … */
    record: 1024,
    /** … and of all in one message that we send; an extended message is no longer than 32 KiB */
    bytes: 28 * 1024,
    /** bytes of a peer id as text */
    id: 128,
    /** addresses kept of one record; more are ignored */
    addresses: 8,
    /** between two messages to one peer; BEP 11's figure … */
    every: 60_000,
    /** … and from one peer, for messages that were held up on their way */
    soonest: 50_000,
    /** wait before records that were not to be had are looked for again */
    retry: 10_000,
    /** records taken of one peer while it is connected; more are ignored */
    taken: 500
  },
  stream: {
    /** bytes read from disk at a time */
    chunk: 256 * 1024,
    /** what a reader reads next comes before all else: so many bytes … */
    aheadBytes: 16 * 1024 * 1024,
    /** … in so many pieces at most */
    aheadPieces: 64,
    /** time between the deadlines of two of them */
    apart: 1_000
  },
  progress: {
    /** between two progress events, at least */
    every: 200
  },
  kept: {
    /** how long a change in what is kept of peers waits to be written, for others to go with it */
    delay: 10_000,
    /** most bytes that are read back; the credit of 4,096 peers is a fifth of it */
    bytes: 4 * 1024 * 1024
  },
  disk: {
    /** wait before a piece that could not be written is tried again */
    retry: 5_000
  },
  trust: {
    /** offence of breaking the protocol in a way no honest peer does: the ledger drops for it */
    breach: 10,
    /** offence of a block nobody asked for, or that we have long taken back */
    unasked: 2,
    /** trust in a peer, by the pieces it had a part in: at most, at least, for a good one, for a bad */
    points: { most: 8, least: -7, good: 1, bad: 2 },
    /** offence of a proven lie: the ledger bans for it */
    lie: 20,
    /** bytes of bad pieces kept until a good copy shows who lied */
    suspectBytes: 32 * 1024 * 1024
  }
} as const
