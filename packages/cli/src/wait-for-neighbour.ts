import type { SearchFlood } from '@peerage/search-flood'

/**
 * Waits until there is a neighbour to ask.
 *
 * @returns whether there is one
 */
export async function waitForNeighbour(
  search: SearchFlood,
  timeout: number,
  signal: AbortSignal
): Promise<boolean> {
  if (search.neighbours.length > 0) return true
  const ended = AbortSignal.any([signal, AbortSignal.timeout(timeout)])
  return new Promise((resolve) => {
    search.addEventListener('neighbour:add', () => resolve(true), { once: true, signal: ended })
    ended.addEventListener('abort', () => resolve(false))
  })
}
