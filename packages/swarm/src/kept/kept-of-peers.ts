import type { Logger } from '@libp2p/interface'
import { isLedgerRecord, limits as wireLimits, type Clock, type PeerLedger } from '@peerage/wire'
import type { Datastore } from 'interface-datastore'
import { isCreditRecord, type CreditBook } from '../core/uploads/policies/credit.ts'
import { Kept } from './kept.ts'
import { limits } from '../limits.ts'

/** Who is banned, and who has earned what. */
export type KeptOfPeers = Pick<Kept<never>, 'load' | 'flush'>

/** Keeps bans and credit in the datastore; without one they are gone with the node. */
export function keepOfPeers(
  datastore: Datastore | undefined,
  clock: Clock,
  log: Logger,
  ledger: PeerLedger,
  credit: CreditBook | undefined
): KeptOfPeers {
  if (datastore == null) return { load: async () => {}, flush: async () => {} }
  const base = { datastore, clock, log }
  const bans = new Kept({
    ...base,
    key: '/peerage/swarm/bans/1',
    most: wireLimits.ledgerPeers,
    isRecord: isLedgerRecord,
    export: () => ledger.export(clock.now()),
    import: (records, elapsed) => {
      ledger.import(clock.now(), records, elapsed)
    }
  })
  ledger.onChange = bans.changed
  if (credit == null) return bans
  const earned = new Kept({
    ...base,
    key: '/peerage/swarm/credit/1',
    most: limits.queue.creditPeers,
    isRecord: isCreditRecord,
    export: () => credit.export(),
    import: (records) => {
      credit.import(records)
    }
  })
  credit.onChange = earned.changed
  const both = [bans, earned]
  return {
    load: async () => void (await Promise.all(both.map((kept) => kept.load()))),
    flush: async () => void (await Promise.all(both.map((kept) => kept.flush())))
  }
}
