import type { Libp2pOptions } from 'libp2p'

/**
 * Puts options over others. Groups (`addresses`, `connectionManager`, `connectionGater`, `services`
 * …) are merged one level deep; lists, functions and objects with a class replace what was there.
 */
export function mergeOptions(under: Libp2pOptions, over: Partial<Libp2pOptions>): Libp2pOptions {
  const merged: Record<string, unknown> = { ...under }
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key]
    if (value !== undefined)
      merged[key] = isGroup(below) && isGroup(value) ? { ...below, ...value } : value
  }
  return merged
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return (
    value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype
  )
}
