import type { Item } from '../src/index.ts'

/** An item with what matters to a test, and something unremarkable for the rest. */
export function item(some: Partial<Item> = {}): Item {
  return { id: 'id', name: 'name', size: 1, type: 'other', attributes: {}, ...some }
}
