// Shows: what a libp2p stream costs over noise, @libp2p/tls and fast TLS, in one run, each end a process.
// Run:   npx -c 'node --conditions=@peerage/source bench/transport/index.ts --mib 256 --rounds 3'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '256' },
    rounds: { type: 'string', default: '3' },
    block: { type: 'string', default: '65536' }
  }
})
const mib = Number(values.mib)
const kinds = ['noise', '@libp2p/tls', 'fast TLS']

/** Megabytes (10^6) a second and CPU seconds a GiB, both ends together. */
interface Cost {
  speed: number
  cpu: number
}

const end = (...args: string[]): ChildProcess =>
  fork(new URL('./end.ts', import.meta.url), args, {
    execArgv: ['--conditions=@peerage/source', '--disable-warning=ExperimentalWarning']
  })
const told = async <T>(child: ChildProcess): Promise<T> => {
  const [message] = (await once(child, 'message')) as [T]
  return message
}

async function measure(kind: string): Promise<Cost> {
  const receiver = end('receive', kind, values.mib, values.block)
  const address = await told<string>(receiver)
  const sender = end('send', kind, values.mib, values.block, address)
  const [seconds, receiving] = await told<[number, number]>(receiver)
  const [, sending] = await told<[number, number]>(sender)
  const gone = [once(receiver, 'exit'), once(sender, 'exit')]
  for (const child of [receiver, sender]) child.disconnect()
  await Promise.all(gone)
  return { speed: (mib * 1.048_576) / seconds, cpu: ((receiving + sending) / mib) * 1024 }
}

const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!

const all = new Map(kinds.map((kind): [string, Cost[]] => [kind, []]))
for (let round = 0; round < Number(values.rounds); round++) {
  for (const kind of kinds) all.get(kind)!.push(await measure(kind))
}
const base = median(all.get('noise')!.map(({ speed }) => speed))
for (const [kind, costs] of all) {
  const speeds = costs.map(({ speed }) => speed)
  const range = `${Math.min(...speeds).toFixed(0)}-${Math.max(...speeds).toFixed(0)}`
  console.log(
    `${kind.padEnd(12)} ${median(speeds).toFixed(0).padStart(4)} MB/s (${range})`.padEnd(36) +
      `${median(costs.map(({ cpu }) => cpu))
        .toFixed(1)
        .padStart(5)} CPU-s/GiB  ` +
      `${(median(speeds) / base).toFixed(2)} x noise`
  )
}
