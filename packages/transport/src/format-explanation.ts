import type { DialExplanation } from './explanation.ts'

/** A dial explanation as plain lines for a terminal or a log. */
export function formatExplanation(explanation: DialExplanation): string {
  const { target, verdict, advice, addresses } = explanation
  const lines = addresses.map(
    ({ address, source, outcome, reason }) =>
      `  ${address} (${source}): ${outcome}${reason === undefined ? '' : `, ${reason}`}`
  )
  return [target, ...lines, verdict, advice].join('\n')
}
