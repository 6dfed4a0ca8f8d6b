import { InvalidParametersError } from '@libp2p/interface'
import type { SearchFloodInit } from './api.ts'
import { limits, type FloodLimits } from './limits.ts'

/** A whole number between two bounds. */
export function inRange(
  field: string,
  value: number,
  { least, most }: { least: number; most: number }
): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new InvalidParametersError(
    `${field} is ${value} and must be a whole number from ${least} to ${most}`
  )
}

/** How many neighbours a user wants, as the core's limits. */
export function degrees({
  neighbours = {}
}: SearchFloodInit): Pick<FloodLimits, 'minNeighbours' | 'maxNeighbours'> {
  const most = limits.mostNeighbours
  const max = inRange('neighbours.max', neighbours.max ?? limits.maxNeighbours, { least: 1, most })
  const min = neighbours.min ?? Math.min(limits.minNeighbours, max)
  return {
    minNeighbours: inRange('neighbours.min', min, { least: 0, most: max }),
    maxNeighbours: max
  }
}
