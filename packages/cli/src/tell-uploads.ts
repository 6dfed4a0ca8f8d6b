import type { Node } from '@peerage/transport'
import type { Output } from './output.ts'
import type { Services } from './services.ts'
import { count, formatBytes } from './units.ts'

/** How often to look, in milliseconds. */
const every = 1_000

/**
 * Tells what a share gives, as long as it gives something.
 *
 * @returns ends it
 */
export function tellUploads(
  { services: { swarm, search } }: Node<Services>,
  output: Output
): () => void {
  let told = 0
  const timer = setInterval(() => {
    let [uploaded, upRate] = [0, 0]
    for (const { progress } of swarm.transfers) {
      uploaded += progress.uploaded
      upRate += progress.upRate
    }
    if (uploaded === told) return
    told = uploaded
    const neighbours = search.neighbours.length
    const given = `gave ${formatBytes(uploaded)}  ${formatBytes(upRate)}/s`
    const line = `${given}  ${count(neighbours, 'neighbour')}`
    output.progress({ uploaded, upRate, neighbours }, line, performance.now())
  }, every)
  return () => clearInterval(timer)
}
