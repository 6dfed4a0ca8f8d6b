import { BoundedMap, type PeerKey } from '@peerage/wire'
import { limits } from '../limits.ts'

const { connected, dialling, known, firstRetry, longestRetry } = limits.peers

interface Candidate {
  state: 'idle' | 'dialling' | 'up'
  /** failures and short visits in a row */
  tries: number
  /** not to be tried before, in milliseconds */
  notBefore: number
  upAt: number
}

/** Peers that may have what we want: whom to dial, and when to try again. */
export class Candidates {
  readonly #known = new BoundedMap<PeerKey, Candidate>({
    max: known,
    onEvict: (_, candidate) => {
      this.#leaveDial(candidate)
    }
  })
  #dialling = 0

  add(peer: PeerKey): void {
    if (this.#known.has(peer)) return
    this.#known.set(peer, { state: 'idle', tries: 0, notBefore: -Infinity, upAt: 0 })
  }

  up(now: number, peer: PeerKey): void {
    const candidate = this.#known.get(peer)
    if (candidate == null) return
    this.#leaveDial(candidate)
    candidate.state = 'up'
    candidate.upAt = now
  }

  /** @param content we want nothing at the moment: that it goes is no reason to be slow about it later */
  down(now: number, peer: PeerKey, content = false): void {
    const candidate = this.#known.get(peer)
    if (candidate == null) return
    this.#leaveDial(candidate)
    if (content && candidate.state === 'up') {
      candidate.state = 'idle'
      candidate.notBefore = now
      return
    }
    // whoever stayed for a while is worth a prompt retry
    if (candidate.state === 'up' && now - candidate.upAt > longestRetry) candidate.tries = 0
    candidate.state = 'idle'
    candidate.notBefore = now + Math.min(longestRetry, firstRetry * 2 ** candidate.tries++)
  }

  /** Peers to dial now. @param peers channels there are @param most channels there may be */
  due(now: number, peers: number, most: number = connected): PeerKey[] {
    const due: PeerKey[] = []
    for (const [peer, candidate] of this.#known) {
      if (this.#dialling >= dialling || peers + this.#dialling >= most) break
      if (candidate.state !== 'idle' || candidate.notBefore > now) continue
      candidate.state = 'dialling'
      this.#dialling++
      due.push(peer)
    }
    return due
  }

  /** When there is next somebody to dial, in milliseconds; `Infinity` when nobody is known. */
  get nextAt(): number {
    let next = Infinity
    for (const [, candidate] of this.#known) {
      if (candidate.state === 'idle') next = Math.min(next, candidate.notBefore)
    }
    return next
  }

  #leaveDial(candidate: Candidate): void {
    if (candidate.state === 'dialling') this.#dialling--
  }
}
