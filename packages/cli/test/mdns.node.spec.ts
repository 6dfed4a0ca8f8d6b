import { execFileSync } from 'node:child_process'
import { expect, it, onTestFinished } from 'vitest'
import { Command, quietEnvironment } from './support/command.ts'
import { folder } from './support/folder.ts'

const iproute2 = 'ip'
const ip = (...args: string[]): void => void execFileSync(iproute2, args, { stdio: 'ignore' })

/** A network of its own with two machines, so that no multicast leaves this one. */
function twoMachines(): [string, string] | undefined {
  const [first, second] = [`pg-a-${process.pid}`, `pg-b-${process.pid}`]
  onTestFinished(() => {
    for (const name of [first, second]) {
      try {
        ip('netns', 'del', name)
      } catch {
        // never made
      }
    }
  })
  try {
    for (const name of [first, second]) ip('netns', 'add', name)
    ip('link', 'add', 'veth0', 'netns', first, 'type', 'veth', 'peer', 'veth0', 'netns', second)
    for (const [at, name] of [first, second].entries()) {
      ip('-n', name, 'addr', 'add', `10.99.0.${at + 1}/24`, 'dev', 'veth0')
      for (const device of ['lo', 'veth0']) ip('-n', name, 'link', 'set', device, 'up')
      ip('-n', name, 'route', 'add', 'default', 'dev', 'veth0')
    }
    return [first, second]
  } catch {
    return undefined
  }
}

it('machines on one network find each other by multicast, with nobody named', async (context) => {
  const machines = twoMachines()
  if (machines === undefined) return context.skip('network namespaces need root and iproute2')
  const { PEERAGE_NO_MDNS: _, PEERAGE_LISTEN: __, ...env } = quietEnvironment(await folder())
  const [there, here] = machines.map((name) => ({
    env,
    wrapper: [iproute2, 'netns', 'exec', name]
  }))
  const share = new Command(['share', await folder({ 'cellar door.txt': 'x' }), '--json'], there!)
  await share.heard('sharing')

  const search = await new Command(['search', 'cellar', '--json', '--limit=1'], here!).ended
  expect(search, search.stderr).toMatchObject({ code: 0 })
  expect(search.messages.find(({ event }) => event === 'hit')).toMatchObject({
    name: 'cellar door.txt',
    hops: 1
  })
}, 30_000)
