import type { HandshakeGroup, HeaderLine, Message } from '../../src/gnutella06.ts'
import { bytes } from './hex.ts'

/** One thing said in the conversation. */
export interface Turn {
  from: 'leaf' | 'ultrapeer'
  what: string
  bytes: Uint8Array
  says: HandshakeGroup | Message
}

const crlf = '0d0a'

/** GUIDs: byte 8 is FF, byte 15 is 0 */
const pingGuid = bytes('10111213 14151617 ff191a1b 1c1d1e00')
const tableGuid = bytes('20212223 24252627 ff292a2b 2c2d2e00')
const queryGuid = bytes('30313233 34353637 ff393a3b 3c3d3e00')
const byeGuid = bytes('40414243 44454647 ff494a4b 4c4d4e00')
const leafGuid = bytes('50515253 54555657 ff595a5b 5c5d5e00')

const address = { ip: '127.0.0.1', port: 6346 }
const response = { type: 'response', version: '0.6', code: 200, text: 'OK' } as const

/** `<audios><audio title="test"/></audios>`, deflated */
const xml = `
  789c b3492c4d c9cc2fb6 b301d30a 25992539 a9b64a25 a9c5254a fa7636fa 5059000b 180d6c
`

const aboutLeaf: HeaderLine[] = [
  ['User-Agent', 'Peerage/0.1'],
  ['X-Ultrapeer', 'False'],
  ['X-Query-Routing', '0.2'],
  ['GGEP', '0.5'],
  ['Bye-Packet', '0.1']
]
const aboutUltrapeer: HeaderLine[] = [
  ['User-Agent', 'Peerage/0.1'],
  ['X-Ultrapeer', 'True'],
  ['X-Degree', '32'],
  ['X-Max-TTL', '4']
]
const goodbye: HeaderLine[] = [
  ['Server', 'Peerage/0.1'],
  ['X-Try', '192.0.2.7:6346']
]

/**
 * A leaf joins an ultrapeer, tells which words it has, is asked, answers, takes its file back and is
 * left. Written by hand after the draft and QRP 1.0, from which the route table is.
 */
export const conversation: Turn[] = [
  {
    from: 'leaf',
    what: 'connects',
    bytes: bytes(`
      'GNUTELLA CONNECT/0.6' ${crlf}
      'User-Agent: Peerage/0.1' ${crlf}
      'X-Ultrapeer: False' ${crlf}
      'X-Query-Routing: 0.2' ${crlf}
      'GGEP: 0.5' ${crlf}
      'Bye-Packet: 0.1' ${crlf}
      ${crlf}
    `),
    says: { type: 'connect', version: '0.6', headers: aboutLeaf }
  },
  {
    from: 'ultrapeer',
    what: 'takes it',
    bytes: bytes(`
      'GNUTELLA/0.6 200 OK' ${crlf}
      'User-Agent: Peerage/0.1' ${crlf}
      'X-Ultrapeer: True' ${crlf}
      'X-Degree: 32' ${crlf}
      'X-Max-TTL: 4' ${crlf}
      ${crlf}
    `),
    says: { ...response, headers: aboutUltrapeer }
  },
  {
    from: 'leaf',
    what: 'is content',
    bytes: bytes(`'GNUTELLA/0.6 200 OK' ${crlf} ${crlf}`),
    says: { ...response, headers: [] }
  },
  {
    from: 'leaf',
    what: 'pings, and would like to hear of other hosts',
    bytes: bytes(`
      10111213 14151617 ff191a1b 1c1d1e00
      00                     # ping
      01 00                  # TTL, hops
      07000000               # bytes of payload
      c3                     # GGEP
      83 'SCP' 41            # the last extension, a name of three bytes, one byte of data
      01                     # as an ultrapeer's leaf
    `),
    says: {
      guid: pingGuid,
      ttl: 1,
      hops: 0,
      payload: { type: 'ping', extensions: [ggep('SCP', bytes('01'))] }
    }
  },
  {
    from: 'ultrapeer',
    what: 'is there',
    bytes: bytes(`
      10111213 14151617 ff191a1b 1c1d1e00   # the ping's GUID
      01                     # pong
      01 00
      1f000000
      ca18 7f000001          # port, address
      00000000 08000000      # no files, and a power of two: an ultrapeer
      c3
      02 'VC' 45 'PEER' 01   # vendor and version
      82 'UP' 43 01 20 1e    # ultrapeer: version, room for 32 neighbours and 30 leaves
    `),
    says: {
      guid: pingGuid,
      ttl: 1,
      hops: 0,
      payload: {
        type: 'pong',
        address,
        files: 0,
        kib: 8,
        extensions: [
          {
            type: 'ggep',
            extensions: [
              { id: 'VC', data: bytes("'PEER' 01"), cobs: false, deflated: false },
              { id: 'UP', data: bytes('01 20 1e'), cobs: false, deflated: false }
            ]
          }
        ]
      }
    }
  },
  {
    from: 'leaf',
    what: 'has a route table of 8 slots',
    bytes: bytes(`
      20212223 24252627 ff292a2b 2c2d2e00
      30                     # route table update
      01 00
      06000000
      00                     # reset
      08000000 07            # slots, infinity
    `),
    says: {
      guid: tableGuid,
      ttl: 1,
      hops: 0,
      payload: { type: 'reset', slots: 8, infinity: 7 }
    }
  },
  {
    from: 'leaf',
    what: 'has the word "test"',
    bytes: bytes(`
      20212223 24252627 ff292a2b 2c2d2e00
      30
      01 00
      11000000
      01                     # patch
      01 01                  # the first of one
      01 04                  # zlib, four bits a slot
      789c 6358c0c00000 01e400a1
    `),
    says: {
      guid: tableGuid,
      ttl: 1,
      hops: 0,
      payload: patch('789c 6358c0c00000 01e400a1')
    }
  },
  {
    from: 'ultrapeer',
    what: 'asks for "test", two hops from whoever wants to know',
    bytes: bytes(`
      30313233 34353637 ff393a3b 3c3d3e00
      80                     # query
      01 02
      11000000
      b000                   # flags: XML, leaf guided
      'test' 00
      'urn:'                 # with hashes, please
      1c c3 82 'NP' 40       # and answers by this way
    `),
    says: {
      guid: queryGuid,
      ttl: 1,
      hops: 2,
      payload: {
        type: 'query',
        flags: { firewalled: false, xml: true, leafGuided: true, outOfBand: false, rest: 0 },
        text: 'test',
        extensions: [{ type: 'urn', urn: 'urn:' }, ggep('NP', bytes(''))]
      }
    }
  },
  {
    from: 'leaf',
    what: 'has one file',
    bytes: bytes(`
      30313233 34353637 ff393a3b 3c3d3e00   # the query's GUID
      81                     # query hit
      04 00
      91000000
      01                     # results
      ca18 7f000001          # port, address
      80000000               # 128 kbit/s
      01000000 00100000      # file 1, 4 KiB
      'test.txt' 00
      'urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB'
      1c c3 c2 'CT' 45       # when it was made; five bytes, as COBS
      02 5f 02 10 01         # 5f 00 10 00
      00
      'PEER'
      02 3c 31               # all flags told of: GGEP, measured; never uploaded, not busy, no push
      c3 a1 '<' 65           # XML, deflated
      ${xml}
      50515253 54555657 ff595a5b 5c5d5e00   # the leaf's own GUID
    `),
    says: {
      guid: queryGuid,
      ttl: 4,
      hops: 0,
      payload: {
        type: 'query-hit',
        address,
        speed: 128,
        results: [
          {
            index: 1,
            size: 4096,
            name: 'test.txt',
            extensions: [
              { type: 'urn', urn: 'urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB' },
              {
                type: 'ggep',
                extensions: [{ id: 'CT', data: bytes('5f 00 10 00'), cobs: true, deflated: false }]
              }
            ]
          }
        ],
        trailer: {
          vendor: 'PEER',
          flags: { push: false, busy: false, uploaded: false, measured: true, ggep: true },
          open: bytes(''),
          private: bytes(`c3 a1 '<' 65 ${xml}`)
        },
        servent: leafGuid
      }
    }
  },
  {
    from: 'leaf',
    what: 'has the word no longer',
    bytes: bytes(`
      20212223 24252627 ff292a2b 2c2d2e00
      30
      01 00
      11000000
      01 01 01 01 04
      789c 634860600000 01240061
    `),
    says: {
      guid: tableGuid,
      ttl: 1,
      hops: 0,
      payload: patch('789c 634860600000 01240061')
    }
  },
  {
    from: 'ultrapeer',
    what: 'leaves, and knows of another',
    bytes: bytes(`
      40414243 44454647 ff494a4b 4c4d4e00
      02                     # bye
      01 00
      40000000
      c800                   # 200: nobody's fault
      'Shutting down' ${crlf}
      'Server: Peerage/0.1' ${crlf}
      'X-Try: 192.0.2.7:6346' ${crlf}
      ${crlf} 00
    `),
    says: {
      guid: byeGuid,
      ttl: 1,
      hops: 0,
      payload: { type: 'bye', code: 200, reason: 'Shutting down', headers: goodbye }
    }
  }
]

function ggep(id: string, data: Uint8Array) {
  return { type: 'ggep', extensions: [{ id, data, cobs: false, deflated: false }] } as const
}

function patch(data: string) {
  return {
    type: 'patch',
    sequence: 1,
    of: 1,
    compressed: true,
    entryBits: 4,
    data: bytes(data)
  } as const
}
