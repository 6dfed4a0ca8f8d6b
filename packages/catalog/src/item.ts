import { utf8Length } from './core/utf8.ts'
import { InvalidItemError } from './errors.ts'
import { limits } from './limits.ts'
import type { MediaType } from './media-type.ts'

/** Something that is shared: what a search finds and a content id names. */
export interface Item {
  /** content id, such as an info-hash: opaque text of 1 to 128 bytes */
  readonly id: string
  /** what people call it, mostly a file name; 1 to 1,024 bytes */
  readonly name: string
  /** bytes */
  readonly size: number
  readonly type: MediaType
  /** what else is known, such as `{ artist: 'Clara Schumann' }`; values can be searched for */
  readonly attributes: Readonly<Record<string, string>>
}

/** What is wrong with an item, if anything is; says so as a value, for items that peers send. */
export function checkItem(item: Item): InvalidItemError | undefined {
  const wrong =
    textFault('id', item.id, limits.maxId) ?? textFault('name', item.name, limits.maxName)
  if (wrong != null) return new InvalidItemError(wrong)
  if (!Number.isSafeInteger(item.size) || item.size < 0) {
    return new InvalidItemError(`the size of ${quote(item.name)} is not a whole number of bytes`)
  }
  const fault = attributesFault(item.attributes)
  return fault == null ? undefined : new InvalidItemError(`${fault}, in ${quote(item.name)}`)
}

function textFault(field: string, text: string, max: number): string | undefined {
  if (text === '') return `the item has no ${field}`
  if (utf8Length(text) <= max) return
  return `the item's ${field} is longer than ${max} bytes: ${quote(text)}`
}

function attributesFault(attributes: Item['attributes']): string | undefined {
  const all = Object.entries(attributes)
  if (all.length > limits.maxAttributes)
    return `there are more than ${limits.maxAttributes} attributes`
  for (const [key, value] of all) {
    if (utf8Length(key) > limits.maxAttributeKey) {
      return `the attribute key ${quote(key)} is longer than ${limits.maxAttributeKey} bytes`
    }
    if (utf8Length(value) > limits.maxAttributeValue) {
      return `the attribute ${quote(key)} is longer than ${limits.maxAttributeValue} bytes`
    }
  }
}

/** Enough of a text to know it by; a peer's megabyte does not end up in a log. */
function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
