/** An event target whose own `addEventListener` may be shadowed. */
type Target = Pick<EventTarget, 'addEventListener'>

/**
 * Calls `attach` just before the first listener for `type` is added.
 *
 * A libp2p stream hands buffered bytes to whoever listens, and a muxer its early streams: a guard
 * that listens too soon would take them from the reader they were meant for. This way guard and
 * reader start in the same turn, guard first. The shadow goes away with its first use.
 */
export function beforeFirst(target: Target, type: string, attach: () => void): void {
  const add = target.addEventListener
  target.addEventListener = (...args: Parameters<Target['addEventListener']>) => {
    if (args[0] === type) {
      target.addEventListener = add
      attach()
    }
    add.apply(target, args)
  }
}
