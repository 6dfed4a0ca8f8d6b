import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Catalog, type Item, matches, type Query } from '../src/index.ts'
import { item } from './items.ts'

/** The catalog as a plain list, one entry for each item and owner. */
type Model = Map<string, { owner: string; item: Item }>
type Command = fc.Command<Model, Catalog>

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const owner = fc.constantFrom('', 'p', 'q', 'r')
const words = fc
  .uniqueArray(fc.constantFrom('red', 'green', 'blue', 'white', 'black'), { maxLength: 4 })
  .map((some) => some.join(' '))
const items = fc.record({ id, name: words.map((text) => text || 'plain'), size: fc.nat(3) })

const add = fc.tuple(items, owner).map(([some, whose]): Command => {
  const added = item(some)
  return command(`add ${added.id} "${added.name}" of "${whose}"`, (model, catalog) => {
    catalog.add(added, whose)
    model.set(`${whose}/${added.id}`, { owner: whose, item: added })
  })
})

const remove = fc.tuple(id, owner).map(([which, whose]) =>
  command(`remove ${which} of "${whose}"`, (model, catalog) => {
    expect(catalog.remove(which, whose)).toBe(model.delete(`${whose}/${which}`))
  })
)

const drop = owner.map((whose) =>
  command(`drop "${whose}"`, (model, catalog) => {
    const held = [...model].filter(([, entry]) => entry.owner === whose)
    for (const [key] of held) model.delete(key)
    expect(catalog.dropOwner(whose)).toBe(held.length)
  })
)

const query = fc.record({ words, minSize: fc.nat(2) }).map((asked: Query) =>
  command(`query "${asked.words}" from ${asked.minSize}`, (model, catalog) => {
    const right = [...model.values()].filter((entry) => matches(entry.item, asked))
    const found = catalog.query(asked)
    expect(found.map((one) => one.id).toSorted()).toEqual(
      [...new Set(right.map((entry) => entry.item.id))].toSorted()
    )
    for (const one of found) expect(right.map((entry) => entry.item)).toContainEqual(one)
  })
)

const look = id.map((which) =>
  command(`look at ${which}`, (model, catalog) => {
    const right = [...model.values()].filter((entry) => entry.item.id === which)
    expect(catalog.owners(which).toSorted()).toEqual(right.map((entry) => entry.owner).toSorted())
    const got = catalog.get(which)
    if (right.length === 0) expect(got).toBeUndefined()
    else expect(right.map((entry) => entry.item)).toContainEqual(got)
  })
)

const compact = fc.nat(20).map((budget) =>
  command(`compact ${budget}`, (_, catalog) => {
    catalog.compact(budget)
  })
)

function command(name: string, run: (model: Model, catalog: Catalog) => void): Command {
  return {
    check: () => true,
    run: (model, catalog) => {
      run(model, catalog)
      catalog.check()
      expect(catalog.size).toBe(model.size)
    },
    toString: () => name
  }
}

test('a catalog answers as a plain list would, whatever comes and goes', () => {
  const commands = fc.commands([add, add, remove, drop, query, look, compact], {
    maxCommands: 100,
    size: 'max'
  })
  fc.assert(
    fc.property(commands, (some) => {
      const limits = { minDead: 1, compactStep: 3 }
      fc.modelRun(() => ({ model: new Map(), real: new Catalog({ limits }) }), some)
    }),
    { numRuns: 100 }
  )
})
