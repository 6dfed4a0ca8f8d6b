/** What a node has done and refused since it started. */
export interface FloodCounts {
  /** queries seen for the first time */
  queries: number
  /** queries that had been here before */
  duplicates: number
  /** queries and hits not taken because their sender is over its rate */
  overRate: number
  /** copies of queries sent on */
  forwarded: number
  /** queries answered with at least one item */
  answered: number
  /** hits passed back */
  hitsRouted: number
  /** hits whose way back is gone */
  hitsLost: number
  /** hits for queries that were never sent that way */
  strayHits: number
  /** hits for us with a wrong signature, signer, query or time */
  hitsRejected: number
}

export function noCounts(): FloodCounts {
  return {
    queries: 0,
    duplicates: 0,
    overRate: 0,
    forwarded: 0,
    answered: 0,
    hitsRouted: 0,
    hitsLost: 0,
    strayHits: 0,
    hitsRejected: 0
  }
}
