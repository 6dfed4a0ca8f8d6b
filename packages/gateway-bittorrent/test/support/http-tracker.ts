import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { encodeBencode } from '@peerage/swarm'
import { onTestFinished } from 'vitest'

/** An HTTP server on loopback; gone after the test. */
export async function httpServer(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/announce`
}

/** A tracker of one torrent that names everybody on loopback who announced. */
export async function httpTracker(): Promise<{ url: string; ports: Set<number>; heard: string[] }> {
  const ports = new Set<number>()
  const heard: string[] = []
  const url = await httpServer((request, response) => {
    heard.push(request.url!)
    const query = new URLSearchParams(request.url!.split('?')[1])
    const port = Number(query.get('port'))
    const others = [...ports].filter((known) => known !== port)
    ports.add(port)
    const peers = Uint8Array.from(others.flatMap((at) => [127, 0, 0, 1, at >> 8, at & 0xff]))
    response.end(encodeBencode({ complete: 1, incomplete: 0, interval: 60, peers }))
  })
  return { url, ports, heard }
}
