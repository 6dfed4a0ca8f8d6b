/**
 * @packageDocumentation
 *
 * libp2p nodes that keep their promises: presets, guards, identity, and why a dial failed.
 *
 * - {@link createNode} starts a node for where it runs, {@link profileOptions} gives the same preset
 *   as data.
 * - {@link loadIdentity} makes it the same peer after every start.
 * - {@link explainDial} says in words why a peer cannot be dialled.
 * - {@link dialFilter} and {@link isGlobalUnicast} keep dials on the public Internet.
 *
 * @example
 *
 * ```ts
 * import { createNode, explainDial, formatExplanation } from '@peerage/transport'
 *
 * const node = await createNode({ profile: 'lan' })
 * console.log(node.getMultiaddrs().join('\n'))
 * console.log(formatExplanation(await explainDial(node, '/ip4/127.0.0.1/tcp/9')))
 * await node.stop()
 * ```
 */

export { createNode, type Node, type NodeInit } from './node.ts'
export {
  profileOptions,
  type Profile,
  type ProfileOptions,
  type ProfileServices
} from './profiles.ts'
export { loadIdentity, type IdentitySource } from './identity.ts'
export { explainDial } from './explain-dial.ts'
export type {
  AddressExplanation,
  AddressOutcome,
  DialExplanation,
  DialResult,
  DialTarget
} from './explanation.ts'
export { formatExplanation } from './format-explanation.ts'
export {
  dialFilter,
  type Denial,
  type DialFilter,
  type DialFilterInit,
  type DialRule
} from './dial-filter.ts'
export { isGlobalUnicast } from './address/global-unicast.ts'
export type { Dns } from './address/lookup.ts'
export { limits } from './limits.ts'
export * from './errors.ts'
