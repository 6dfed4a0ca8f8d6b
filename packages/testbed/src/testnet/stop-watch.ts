/**
 * Has every service say when it has begun to stop and not ended: while it stops, its name is in
 * `stopping`.
 *
 * @param services factories as libp2p takes them
 */
export function watchStops<S extends object>(services: S, stopping: Set<string>): S {
  const watched = Object.entries(services).map(([name, create]: [string, Factory]) => [
    name,
    (components: unknown) => watch(name, create(components), stopping)
  ])
  return Object.fromEntries(watched) as S
}

type Factory = (components: unknown) => unknown

function watch(name: string, service: unknown, stopping: Set<string>): unknown {
  if (!canStop(service)) return service
  const stop = service.stop.bind(service)
  service.stop = async () => {
    stopping.add(name)
    await stop()
    stopping.delete(name)
  }
  return service
}

function canStop(service: unknown): service is { stop: () => void | Promise<void> } {
  return typeof (service as { stop?: unknown } | null | undefined)?.stop === 'function'
}
