import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { encodeBencode, type BencodeInput } from '@peerage/swarm'
import { pEvent } from 'p-event'
import { describe, expect, it, onTestFinished } from 'vitest'
import { announce, limits, type Announcement } from '../src/index.ts'
import { gatewayNode } from './nodes.ts'
import { httpServer, httpTracker } from './support/http-tracker.ts'

const about: Announcement = {
  infoHash: Uint8Array.from({ length: 20 }, (_, i) => i * 13),
  peerId: new TextEncoder().encode('-PG0100-abcdefghijkl'),
  port: 6881
}
const compact = Uint8Array.of(10, 0, 0, 1, 0x1a, 0xe1, 10, 0, 0, 2, 0, 80)
const both = [
  { host: '10.0.0.1', port: 6881 },
  { host: '10.0.0.2', port: 80 }
]

const answering = (body: Uint8Array, status = 200) =>
  httpServer((_, response) => response.writeHead(status).end(body))
const saying = (value: BencodeInput) => answering(encodeBencode(value))

describe('an HTTP tracker', () => {
  it('hears who we are, byte for byte, behind a query of its own', async () => {
    const { url, heard } = await httpTracker()
    await announce(`${url}?key=a%20b`, { ...about, event: 'started' })
    const hash = Array.from(about.infoHash, (byte) => `%${byte.toString(16).padStart(2, '0')}`)
    expect(heard[0]).toContain(`/announce?key=a%20b&info_hash=${hash.join('')}&peer_id=%2d%50`)
    expect(heard[0]).toMatch(/&port=6881&.*&left=1&compact=1&numwant=50&event=started$/)
  })

  it('names peers in four bytes, in sixteen, or one by one', async () => {
    const v6 = Uint8Array.of(0x20, 1, 0xd, 0xb8, ...Array.from({ length: 11 }, () => 0), 1, 0, 80)
    const url = await saying({
      complete: 3,
      incomplete: 4,
      interval: 900,
      peers: compact,
      peers6: v6
    })
    expect(await announce(url, about)).toEqual({
      interval: 900_000,
      seeders: 3,
      leechers: 4,
      peers: [...both, { host: '2001:db8:0:0:0:0:0:1', port: 80 }]
    })
    const list = both.map(({ host, port }) => ({ ip: host, port }))
    const other = await saying({ interval: 900, 'min interval': 1_200, peers: list })
    expect(await announce(other, about)).toEqual({ interval: 1_200_000, peers: both })
  })

  it('that refuses is quoted in one line', async () => {
    const url = await saying({ 'failure reason': 'not\nregistered' })
    const name = 'TrackerRefusedError'
    await expect(announce(url, about)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(/not registered/)
    })
  })

  it('may answer so much and no more, and no more peers than are taken', async () => {
    const { answer, peers } = limits.tracker
    const full = new Uint8Array(6 * (peers + 1))
    const room = answer - encodeBencode({ pad: new Uint8Array(answer - 100), peers: full }).length
    const whole = (more: number) =>
      encodeBencode({ pad: new Uint8Array(answer - 100 + room + more), peers: full })
    expect(whole(0)).toHaveLength(answer)
    expect((await announce(await answering(whole(0)), about)).peers).toHaveLength(peers)
    const name = 'TrackerAnswerError'
    await expect(announce(await answering(whole(1)), about)).rejects.toMatchObject({ name })
  })

  it('that sends us elsewhere is not followed', async () => {
    const elsewhere = await httpTracker()
    const url = await httpServer((_, response) => {
      response.writeHead(302, { location: elsewhere.url }).end()
    })
    await expect(announce(url, about)).rejects.toMatchObject({ name: 'TrackerAnswerError' })
    expect(elsewhere.heard).toEqual([])
  })

  it('that answers rubbish, says nothing or is not there is told apart', async () => {
    const name = 'TrackerAnswerError'
    const page = new TextEncoder().encode('<html>')
    await expect(announce(await answering(page), about)).rejects.toMatchObject({ name })
    await expect(announce(await answering(page, 500), about)).rejects.toMatchObject({ name })
    const silent = await httpServer(() => {})
    const late = {
      name: 'TrackerUnreachableError',
      message: expect.stringMatching(/no answer within 50 ms/)
    }
    await expect(announce(silent, about, { timeout: 50 })).rejects.toMatchObject(late)
    const gone = announce('http://127.0.0.1:1/announce', about)
    await expect(gone).rejects.toMatchObject({ name: 'TrackerUnreachableError' })
    const stopped = announce(silent, about, { signal: AbortSignal.abort() })
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
  })
})

/** Answers each datagram with what `answer` makes of it; nothing when it makes nothing. */
async function udpTracker(answer: (question: Buffer) => Uint8Array | undefined): Promise<string> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => void socket.close())
  socket.on('message', (question, { port, address }) => {
    const bytes = answer(question)
    if (bytes != null) socket.send(bytes, port, address)
  })
  return `udp://127.0.0.1:${socket.address().port}`
}

/** An answer: its action, the question's transaction, and what follows. */
const reply = (question: Buffer, action: number, ...rest: number[]) =>
  Uint8Array.of(0, 0, 0, action, ...question.subarray(12, 16), ...rest)

describe('a UDP tracker', () => {
  const connection = [9, 8, 7, 6, 5, 4, 3, 2]

  it('gives a connection id, then peers', async () => {
    const questions: Buffer[] = []
    const url = await udpTracker((question) => {
      questions.push(question)
      if (question.length === 16) return reply(question, 0, ...connection)
      return reply(question, 1, 0, 0, 3, 132, 0, 0, 0, 4, 0, 0, 0, 3, ...compact)
    })
    const answer = await announce(url, { ...about, event: 'started' })
    expect(answer).toEqual({ interval: 900_000, leechers: 4, seeders: 3, peers: both })
    const [first, second] = questions
    expect(first!.readBigUInt64BE()).toBe(0x41727101980n)
    expect(second).toHaveLength(98)
    expect([...second!.subarray(0, 8)]).toEqual(connection)
    expect(second!.subarray(16, 36).equals(about.infoHash)).toBe(true)
    expect(second!.readUInt32BE(80)).toBe(2)
    expect(second!.readUInt16BE(96)).toBe(6881)
  })

  it('refuses in words', async () => {
    const url = await udpTracker((question) =>
      reply(question, 3, ...new TextEncoder().encode('go away'))
    )
    const refused = { name: 'TrackerRefusedError', message: expect.stringMatching(/go away/) }
    await expect(announce(url, about)).rejects.toMatchObject(refused)
  })

  it('is not believed when it answers another question, too little or something else', async () => {
    const other = await udpTracker((question) => {
      const answer = reply(question, 0, ...connection)
      answer[4]! ^= 0xff
      return answer
    })
    const late = announce(other, about, { timeout: 100 })
    await expect(late).rejects.toMatchObject({ name: 'TrackerUnreachableError' })
    const short = await udpTracker((question) => reply(question, 0))
    await expect(announce(short, about)).rejects.toMatchObject({ name: 'TrackerAnswerError' })
    const odd = await udpTracker((question) => reply(question, 7, ...connection))
    await expect(announce(odd, about)).rejects.toMatchObject({ name: 'TrackerAnswerError' })
  })
})

it('addresses that are no tracker are refused before anybody is asked', async () => {
  const name = 'TrackerUrlError'
  for (const url of ['', 'tracker', 'ftp://127.0.0.1/', 'udp://127.0.0.1', 'wss://127.0.0.1/']) {
    await expect(announce(url, about)).rejects.toMatchObject({ name })
  }
  const longest = `http://127.0.0.1:1/${'a'.repeat(limits.tracker.url - 19)}`
  await expect(announce(longest, about)).rejects.toMatchObject({ name: 'TrackerUnreachableError' })
  await expect(announce(`${longest}a`, about)).rejects.toMatchObject({ name })
})

it('a gateway announces, takes the clients it may dial, and says goodbye', async () => {
  const { url, ports, heard } = await httpTracker()
  ports.add(4_000)
  const { gateway, port } = await gatewayNode()
  const answered = pEvent(gateway, 'tracker:answer')
  const served = gateway.serve(about.infoHash, { trackers: [url] })
  await answered
  expect(served.clients).toEqual([{ host: '127.0.0.1', port: 4_000 }])
  expect(heard).toEqual([expect.stringMatching(`port=${port}&.*event=started$`)])
  await served.stop()
  expect(heard[1]).toMatch(/numwant=0&event=stopped$/)
})
