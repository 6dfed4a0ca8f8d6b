import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { DialRule } from './dial-filter.ts'

/** Whom to dial: a peer, an address, or the text of either. */
export type DialTarget = PeerId | Multiaddr | string

/** What became of one address. */
export type AddressOutcome =
  | 'connected'
  | 'failed'
  | 'denied'
  | 'no transport'
  | 'does not resolve'
  | 'not tried'

/** One address a dial could use, and how it went. */
export interface AddressExplanation {
  address: string
  /** where the address is known from */
  source: 'given' | 'peer store' | 'peer routing' | 'connection'
  outcome: AddressOutcome
  /** which rule of the dial filter denied it; `gater` for a rule of the app's own */
  rule?: DialRule | 'gater'
  /** the last error or the denial, in words */
  reason?: string
}

/** The overall result, for programs; `verdict` says it in words. */
export type DialResult =
  | 'connected'
  | 'self'
  | 'peer denied'
  | 'no addresses'
  | 'no transport'
  | 'denied'
  | 'failed'

/** Why a target can or cannot be dialled. */
export interface DialExplanation {
  target: string
  /** the peer's id, as far as the target says it */
  peer?: string
  result: DialResult
  /** what is the matter, one sentence */
  verdict: string
  /** what to do next, one sentence */
  advice: string
  addresses: AddressExplanation[]
}

/** An address and where it comes from. */
export interface KnownAddress {
  address: Multiaddr
  source: AddressExplanation['source']
}
