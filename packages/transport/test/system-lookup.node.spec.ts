import { createSocket } from 'node:dgram'
import { afterEach, describe, expect, it } from 'vitest'
import { systemLookup } from '../src/address/system-lookup.ts'

const sockets = new Set<ReturnType<typeof createSocket>>()
afterEach(() => {
  for (const socket of sockets) socket.close()
  sockets.clear()
})

/** A name server on loopback (RFC 1035): one address for A questions, or silence. */
async function nameServer(address?: number[]): Promise<string> {
  const socket = createSocket('udp4')
  sockets.add(socket)
  socket.on('message', (question, { port }) => {
    if (address === undefined) return
    const end = question.indexOf(0, 12) + 5
    const isA = question.readUInt16BE(end - 4) === 1
    const head = Buffer.from(question.subarray(0, end))
    head.writeUInt16BE(0x8180, 2)
    for (const [offset, count] of [
      [4, 1],
      [6, isA ? 1 : 0],
      [8, 0],
      [10, 0]
    ] as const)
      head.writeUInt16BE(count, offset)
    const answer = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address]
    socket.send(Buffer.concat([head, Buffer.from(isA ? answer : [])]), port, '127.0.0.1')
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return `127.0.0.1:${socket.address().port}`
}

describe('a name lookup', () => {
  it('brings what the name server answers', async () => {
    const lookup = systemLookup([await nameServer([8, 8, 4, 4])])
    expect(await lookup('peer.example.com', 0)).toEqual(['8.8.4.4'])
    expect(await lookup('peer.example.com', 4)).toEqual(['8.8.4.4'])
    await expect(lookup('peer.example.com', 6)).rejects.toThrow('no address found')
  })

  it('ends with its signal when the name server is silent', async () => {
    const lookup = systemLookup([await nameServer()])
    const controller = new AbortController()
    const looking = lookup('peer.example.com', 0, controller.signal)
    controller.abort()
    await expect(looking).rejects.toThrow('no address found for peer.example.com')
  })
})
