import { expect, it } from 'vitest'
import { mayDial } from '../src/may-dial.ts'

const abroad = 'http://tracker.example/announce'
const here = ['http://localhost:80/announce', 'udp://127.0.0.1:6969', 'http://[::1]/announce']

it.each([
  '0.0.0.0',
  '169.254.169.254',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  'fe80:0:0:0:0:0:0:1',
  'ff02::1',
  'tracker.example'
])('no tracker leads to %s', (host) => {
  for (const url of [abroad, ...here]) expect(mayDial({ host, port: 80 }, url)).toBe(false)
})

it.each(['127.0.0.1', '127.9.9.9', '::1', '0:0:0:0:0:0:0:1'])(
  'only a tracker on this machine leads to %s',
  (host) => {
    expect(mayDial({ host, port: 80 }, abroad)).toBe(false)
    for (const url of here) expect(mayDial({ host, port: 80 }, url)).toBe(true)
  }
)

it('others may be dialled, but not at port 0', () => {
  for (const host of ['192.0.2.7', '10.0.0.1', '2001:db8::1']) {
    expect(mayDial({ host, port: 6881 }, abroad)).toBe(true)
    expect(mayDial({ host, port: 0 }, abroad)).toBe(false)
  }
})
