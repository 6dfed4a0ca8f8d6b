import { InvalidParametersError } from '@libp2p/interface'
import { queryTokens, type Query } from '@peerage/catalog'
import { textFault } from './codec/fields.ts'
import type { FloodAsk } from './core/vocabulary.ts'
import type { SearchOptions } from './api.ts'
import { inRange } from './in-range.ts'
import { limits } from './limits.ts'

/** What the core is asked when a user searches. @throws when a word or number is out of bounds */
export function searchAsk(
  run: number,
  words: string | Query,
  options: SearchOptions & { ttl: number }
): Extract<FloodAsk, { type: 'search' }> {
  const query = typeof words === 'string' ? { words } : words
  queryTokens(query.words)
  const fault = textFault('query', query.words, limits.maxText)
  if (fault != null) throw new InvalidParametersError(`${fault.message}: search for plain words`)
  const limit = inRange('limit', options.limit ?? query.limit ?? limits.searchLimit, {
    least: 1,
    most: limits.maxSearchLimit
  })
  return {
    type: 'search',
    run,
    query: {
      ...query,
      ...sized('minSize', query.minSize),
      ...sized('maxSize', query.maxSize),
      limit: Math.min(limit, limits.maxItems)
    },
    limit,
    ttl: inRange('ttl', options.ttl, { least: 1, most: limits.maxTtl }),
    timeout: inRange('timeout', options.timeout ?? limits.searchTimeout, {
      least: 1,
      most: 2 ** 31
    })
  }
}

function sized(field: 'minSize' | 'maxSize', size: number | undefined): Partial<Query> {
  if (size == null) return {}
  return { [field]: inRange(field, size, { least: 0, most: Number.MAX_SAFE_INTEGER }) }
}
