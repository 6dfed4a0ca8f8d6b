import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Command, quietEnvironment } from './support/command.ts'
import { noise } from '@peerage/testbed'
import { folder } from './support/folder.ts'

const MiB = 1024 * 1024

/** Two processes that share the same large file and one of their own each. */
async function twoShares(large: Uint8Array) {
  const data = await folder()
  const env = quietEnvironment(data)
  const share = async (files: Record<string, string | Uint8Array>, ...args: string[]) => {
    const command = new Command(['share', await folder(files), '--json', ...args], { env })
    const { addresses } = await command.heard('sharing')
    return { command, address: (addresses as string[])[0]! }
  }
  const first = await share({ 'night train.wav': large, 'notes.txt': 'of the first' })
  const second = await share(
    { 'music/night train.wav': large, 'music/cover.svg': '<svg/>' },
    '--join',
    first.address
  )
  const peerage = (...args: string[]) => new Command([...args, '--json'], { env })
  return { data, env, first, second, peerage }
}

describe('two shares, a search and a get', { timeout: 60_000 }, () => {
  it('find a file in both and fetch it from both, verified', async () => {
    const large = noise(8 * MiB)
    const { first, second, peerage } = await twoShares(large)

    const search = await peerage('search', 'night', 'TRAIN', '--join', first.address, '--limit=2')
      .ended
    expect(search).toMatchObject({ code: 0, stderr: '' })
    const hits = search.messages.filter(({ event }) => event === 'hit')
    expect(hits.map(({ number, hops }) => [number, hops])).toEqual([
      [1, 1],
      [1, 2]
    ])
    expect(search.messages.find(({ event }) => event === 'end')).toMatchObject({
      reason: 'limit',
      files: 1
    })

    const out = await folder()
    const get = await peerage('get', '1', '--out', out).ended
    expect(get, get.stderr).toMatchObject({ code: 0, stderr: '' })
    const done = get.messages.at(-1)!
    expect(done).toMatchObject({ event: 'done', kept: 0, rejected: 0 })
    const sources = done['sources'] as { peer: string; pieces: number }[]
    expect(sources).toHaveLength(2)
    expect(sources[0]!.pieces + sources[1]!.pieces).toBe(done['pieceCount'])
    expect((await readFile(join(out, 'night train.wav'))).equals(large)).toBe(true)

    await first.command.heard('progress', ({ uploaded }) => Number(uploaded) > 0)

    // by its id alone: whoever has it is searched for
    const byId = await peerage('get', String(done['id']), '--join', second.address, '--out', out)
      .ended
    expect(byId.messages.at(-1)).toMatchObject({ event: 'done', fetched: 0 })
    const elsewhere = await folder()
    const again = ['get', String(done['id']), '--join', second.address, '--out', elsewhere]
    expect((await peerage(...again).ended).messages.at(-1)).toMatchObject({
      event: 'done',
      kept: 0
    })
  })

  it('resume after kill -9 without fetching a verified piece again', async () => {
    const large = noise(48 * MiB)
    const { first, peerage } = await twoShares(large)
    const out = await folder()
    await peerage('search', 'night', '--join', first.address, '--limit=2').ended

    const killed = peerage('get', '1', '--out', out)
    const { pieces } = await killed.heard('progress', ({ pieces }) => Number(pieces) >= 60)
    // the journal's write follows the piece's: what was told of has reached it by the next time
    await killed.heard('progress', (next) => Number(next['pieces']) > Number(pieces))
    killed.kill('SIGKILL')
    expect((await killed.ended).messages.at(-1)).not.toMatchObject({ event: 'done' })

    const { code, messages } = await peerage('get', '1', '--out', out).ended
    expect(code).toBe(0)
    const { kept, fetched, pieceCount } = messages.at(-1)!
    expect(Number(kept)).toBeGreaterThanOrEqual(Number(pieces))
    expect(Number(fetched)).toBe(Number(pieceCount) - Number(kept))
    expect((await readFile(join(out, 'night train.wav'))).equals(large)).toBe(true)
  })

  it('stop at Ctrl-C with nothing lost', async () => {
    const { first, second, peerage } = await twoShares(noise(48 * MiB))
    const out = await folder()
    await peerage('search', 'night', '--join', first.address, '--limit=2').ended

    const stopped = peerage('get', '1', '--out', out)
    await stopped.heard('progress', ({ pieces }) => Number(pieces) >= 60)
    const at = performance.now()
    stopped.kill('SIGINT')
    // npx hands on a Ctrl-C that came from the terminal already
    stopped.kill('SIGINT')
    const ended = await stopped.ended
    expect(ended.code).toBe(130)
    expect(performance.now() - at).toBeLessThan(5_000)
    const { pieces } = ended.messages.find(({ event }) => event === 'kept')!

    const { messages } = await peerage('get', '1', '--out', out).ended
    expect(messages.at(-1)).toMatchObject({ event: 'done', kept: pieces })

    for (const { command } of [first, second]) {
      command.kill('SIGINT')
      expect(await command.ended).toMatchObject({ code: 130, stderr: '' })
    }
  })
})
