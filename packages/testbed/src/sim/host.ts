import type { Core, PeerKey, PeerLedger, Vocabulary } from '@peerage/wire'
import type { Link } from './link.ts'
import { endless, Pipe } from './pipe.ts'

/** A host's access line, in bytes per second. */
export interface Bandwidth {
  up: number
  down: number
}

/** What stands in for the shell around one core. */
export interface HostInit<V extends Vocabulary> {
  /** does a job and says how many microseconds it takes; a core that asks for jobs needs it */
  work?: (work: V['work'], host: PeerKey) => { result: V['result']; takesMicros: number }
  /** hears the core's news */
  tell?: (news: V['news'], host: PeerKey) => void
  /**
   * bytes a frame takes on the wire; decides how long it occupies the lines
   *
   * @default every frame takes none
   */
  sizeOf?: (frame: V['frame']) => number
  /**
   * bytes queued to one peer at which the core hears `slow`, and `ready` again
   *
   * @default wire's marks
   */
  marks?: { high: number; low: number }
}

/** One simulated machine. */
export class Host<V extends Vocabulary> {
  readonly key: PeerKey
  /** its number in order of arrival, for the digest */
  readonly index: number
  readonly core: Core<V>
  readonly init: HostInit<V>
  readonly up: Pipe
  readonly down: Pipe
  /** its ends of the channels that are open, by who is at the other one */
  readonly ends = new Map<PeerKey, End<V>>()
  isAlive = true
  /** when the earliest wake on the agenda that still counts is due, in microseconds */
  wakeOnAgenda: number | undefined
  /** made at the first offence, as most peers commit none */
  ledger: PeerLedger | undefined

  constructor(key: PeerKey, index: number, core: Core<V>, init: HostInit<V>, line: Bandwidth) {
    this.key = key
    this.index = index
    this.core = core
    this.init = init
    this.up = line.up === Infinity ? endless : new Pipe(line.up)
    this.down = line.down === Infinity ? endless : new Pipe(line.down)
  }
}

/**
 * One host's end of one channel. It repeats a little of what is at the other end, because in a
 * large world every object looked at is one more fetch from main memory.
 */
export class End<V extends Vocabulary> {
  readonly host: Host<V>
  readonly peer: PeerKey
  /** the peer's {@link Host.index} */
  readonly peerIndex: number
  /** the peer has a downlink that frames may have to wait for */
  readonly hasDownlink: boolean
  readonly link: Link
  other!: End<V>
  /** still delivers what arrives; false from the host's own goodbye on */
  isOpen = true
  /** the core was told `up`, and not yet `down` */
  isKnown = false
  /** when the last byte sent from here so far arrives, in microseconds: nothing overtakes on a channel */
  lastArrival = 0
  /** bytes sent from here that have not left the host */
  queued = 0
  isSlow = false
  isCut = false
  /** how often the link was cut */
  cuts = 0
  /** what reached this end while the link was cut, in order */
  held: { body: unknown; size: number }[] | undefined

  constructor(host: Host<V>, peer: Host<V>, link: Link) {
    this.host = host
    this.peer = peer.key
    this.peerIndex = peer.index
    this.hasDownlink = peer.down.isLimited
    this.link = link
  }
}

/** Both ends of a new channel; the first belongs to `a`. */
export function endsOf<V extends Vocabulary>(a: Host<V>, b: Host<V>, link: Link): [End<V>, End<V>] {
  const [near, far] = [new End(a, b, link), new End(b, a, link)]
  near.other = far
  far.other = near
  return [near, far]
}
