import type { Message, Resident } from './resident.ts'
import type { Town } from './town.ts'

/** Who asked whom, in the order of distance, and the way each hit came back. */
export function tellSearch(town: Town, visitor: Resident): void {
  const asked = visitor.last('query:forwarded')
  const query = asked?.['query']
  const name = (peer: unknown): string => town.nameOf(peer)
  const about = ({ messages }: Resident, event: string): Message | undefined =>
    messages.find((message) => message.event === event && message['query'] === query)

  const saw = [...town.residents.values()].flatMap((resident) => {
    const seen = about(resident, 'query:seen')
    return seen === undefined ? [] : [{ resident, seen, hops: Number(seen['hops']) + 1 }]
  })
  console.log(`  visitor asks ${names(asked?.['to'], name)}`)
  for (const { resident, hops } of saw.toSorted(nearestFirst)) {
    const answered = about(resident, 'query:answered')
    const passed = about(resident, 'query:forwarded')
    const acts = [
      ...(answered === undefined ? [] : [`answers`]),
      ...(passed === undefined ? [] : [`passes it on to ${names(passed['to'], name)}`])
    ]
    const what = acts.join(' and ') || 'has nothing, and nobody else to ask'
    console.log(`  hop ${hops}: ${resident.name} ${what}`)
  }

  console.log('\nThe hits walk back:')
  const ways = visitor.messages.flatMap(({ event, peer }) => {
    if (event !== 'hit') return []
    const way = [name(peer)]
    for (let at = way[0]; at !== 'visitor' && way.length < 9; at = way.at(-1)) {
      way.push(name(saw.find(({ resident }) => resident.name === at)?.seen['from']))
    }
    return [way]
  })
  for (const way of ways.toSorted((a, b) => a.length - b.length))
    console.log(`  ${way.join(' → ')}`)
}

interface Stop {
  readonly resident: Resident
  readonly hops: number
}

function nearestFirst(a: Stop, b: Stop): number {
  return a.hops - b.hops || a.resident.name.localeCompare(b.resident.name)
}

/** One line that is written over on a terminal, and one in every quarter elsewhere. */
export function progressTeller(): (message: Message) => void {
  let told = -1
  return ({ event, bytes, length, downRate, sources, pieces, pieceCount }) => {
    if (event === 'done' && process.stdout.isTTY) process.stdout.write('\n')
    if (event !== 'progress' || !Number(length)) return
    const percent = Math.floor((Number(bytes) / Number(length)) * 100)
    const line =
      `  ${String(percent).padStart(3)} %  ${Math.round(Number(downRate) / 2 ** 20)} MiB/s ` +
      `from ${String(sources)} peers, ${String(pieces)} of ${String(pieceCount)} pieces`
    if (process.stdout.isTTY) process.stdout.write(`\r\u001B[K${line}`)
    else if (Math.floor(percent / 25) > told) {
      told = Math.floor(percent / 25)
      console.log(line)
    }
  }
}

function names(peers: unknown, name: (peer: unknown) => string): string {
  const all = Array.isArray(peers) ? peers.map(name).toSorted() : []
  return all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : (all[0] ?? 'nobody')
}
