import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cameFrom,
  LOST,
  markSent,
  RouteTable,
  SELF,
  wasSent,
  type RouteTableInit
} from '../src/core/route-table.ts'
import { limits } from '../src/limits.ts'

function table(init: Partial<RouteTableInit> = {}): RouteTable {
  return new RouteTable({ max: 1000, generation: 300_000, seed: 1, ...init })
}

/** The n-th of many ids, in which any four bytes may differ. */
function id(n: number): Uint8Array {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32((n % 4) * 4, n + 1)
  return bytes
}

describe('a route table', () => {
  it('takes 24 bytes an entry', () => {
    const routes = table({ max: 40_000 })
    for (let i = 0; i < 24_576; i++) routes.add(0, id(i), 3)
    // 32,768 places at three quarters full, and the empty older generation
    expect(routes.bytes).toBe(32_768 * 24 + 64 * 24)
    routes.check()
  })

  it('knows where each id came from and where it went', () => {
    const routes = table()
    const first = routes.add(0, id(1), 31)
    markSent(first, 0)
    markSent(first, 31)
    routes.add(0, id(2), SELF)
    const found = routes.find(id(1))!
    expect([cameFrom(found), wasSent(found, 0), wasSent(found, 1), wasSent(found, 31)]).toEqual([
      31,
      true,
      false,
      true
    ])
    expect(cameFrom(routes.find(id(2))!)).toBe(SELF)
    expect(wasSent(routes.find(id(2))!)).toBe(false)
    expect(routes.find(id(3))).toBeUndefined()
  })

  it('remembers an id for one generation at least and two at most', () => {
    const routes = table({ generation: 1000 })
    routes.add(0, id(1), 0)
    routes.add(1000, id(2), 0)
    expect(routes.find(id(1))).toBeDefined()
    routes.add(2000, id(3), 0)
    expect(routes.find(id(1))).toBeUndefined()
    expect(routes.find(id(2))).toBeDefined()
  })

  it('never holds more than two generations of its maximum', () => {
    const routes = table({ max: 100 })
    for (let i = 0; i < 1000; i++) routes.add(0, id(i), 0)
    expect(routes.size).toBe(200)
    expect(routes.find(id(999))).toBeDefined()
    expect(routes.find(id(799))).toBeUndefined()
    routes.check()
  })

  it('forgets a link in every route, so that its number can be used again', () => {
    const routes = table({ max: 100 })
    for (let i = 0; i < 150; i++) markSent(routes.add(0, id(i), 5), 6)
    routes.forget(5)
    routes.forget(6)
    for (let i = 100; i < 150; i++) {
      expect(cameFrom(routes.find(id(i))!)).toBe(LOST)
      expect(wasSent(routes.find(id(i))!)).toBe(false)
    }
  })

  it('behaves like a map with two generations', () => {
    const command = fc.oneof(
      fc.record({ do: fc.constant('add'), n: fc.nat(400), link: fc.nat(31) }),
      fc.record({ do: fc.constant('sent'), n: fc.nat(400), link: fc.nat(31) }),
      fc.record({ do: fc.constant('forget'), n: fc.nat(0), link: fc.nat(31) })
    )
    fc.assert(
      fc.property(fc.array(command, { maxLength: 600 }), fc.integer(), (commands, seed) => {
        const routes = table({ max: 150, seed })
        let [young, old] = [new Map<number, Model>(), new Map<number, Model>()]
        for (const { do: verb, n, link } of commands) {
          const known = young.get(n) ?? old.get(n)
          if (verb === 'add' && known == null) {
            if (young.size >= 150) [young, old] = [new Map(), young]
            young.set(n, { from: link, sent: new Set() })
            routes.add(0, id(n), link)
          } else if (verb === 'sent' && known != null) {
            known.sent.add(link)
            markSent(routes.find(id(n))!, link)
          } else if (verb === 'forget') {
            for (const model of [...young.values(), ...old.values()]) {
              model.sent.delete(link)
              if (model.from === link) model.from = LOST
            }
            routes.forget(link)
          }
        }
        routes.check()
        for (let n = 0; n <= 400; n++) {
          const route = routes.find(id(n))
          const model = young.get(n) ?? old.get(n)
          expect(route && cameFrom(route)).toBe(model?.from)
          if (route == null) continue
          const sent = Array.from({ length: 32 }, (_, link) => link)
          expect(sent.filter((link) => wasSent(route, link))).toEqual(
            [...model!.sent].toSorted((a, b) => a - b)
          )
        }
      }),
      { numRuns: 60 }
    )
  })

  it('has room for every link a node may have', () => {
    expect(limits.mostNeighbours).toBe(SELF)
  })
})

interface Model {
  from: number
  sent: Set<number>
}
