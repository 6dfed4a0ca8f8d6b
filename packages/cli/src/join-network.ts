import type { Multiaddr } from '@multiformats/multiaddr'
import { type DialExplanation, explainDial, type Node } from '@peerage/transport'
import { NotJoinedError } from './errors.ts'
import type { Services } from './services.ts'
import type { Output } from './output.ts'
import type { Settings } from './settings.ts'

/** What a node needs in order to join. */
type Searching = Pick<Services, 'search'>

interface JoinInit {
  readonly settings: Settings
  readonly output: Output
  readonly signal: AbortSignal
}

/**
 * Joins the network by every peer that was named; those that cannot be reached are warned of.
 *
 * @throws NotJoinedError when none can be reached
 */
export async function joinNetwork(
  node: Node<Searching>,
  { settings, output, signal }: JoinInit
): Promise<void> {
  const joined = await Promise.all(
    settings.join.map(async (target) => {
      const problem = await joinOne(node, target, signal)
      return { target, problem }
    })
  )
  const problems = joined.flatMap(({ target, problem }) =>
    problem === undefined ? [] : [`cannot join by ${target}: ${problem}`]
  )
  if (problems.length > 0 && problems.length === joined.length) {
    throw new NotJoinedError(problems.join(' '))
  }
  for (const problem of problems) output.warn(problem)
  for (const { target, problem } of joined) {
    if (problem === undefined) output.note('joined', { address: String(target) })
  }
}

/** Resolves with what went wrong, in words. */
async function joinOne(
  node: Node<Searching>,
  target: Multiaddr,
  signal: AbortSignal
): Promise<string | undefined> {
  try {
    await node.services.search.join([target], { signal })
    return undefined
  } catch (error) {
    signal.throwIfAborted()
    const explanation = await explainDial(node, target, { signal })
    // reached, but no neighbour of it
    if (explanation.result === 'connected') return reasonOf(error)
    return describe(explanation)
  }
}

function describe({ verdict, advice, addresses }: DialExplanation): string {
  const reason = addresses.find(({ reason }) => reason !== undefined)?.reason
  return [verdict.replace(/\.$/, reason === undefined ? '.' : ` (${reason}).`), advice].join(' ')
}

function reasonOf(error: unknown): string {
  const attempts = (error as { attempts?: readonly { error: Error }[] }).attempts
  return attempts?.[0]?.error.message ?? String(error)
}
