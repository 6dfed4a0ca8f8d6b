import type { SearchFlood } from '@peerage/search-flood'
import type { Swarm } from '@peerage/swarm'

/** The services of the command's node. */
export type Services = { search: SearchFlood; swarm: Swarm }
