/** The catalog holds as much as its limits allow; the message says which limit and what helps. */
export class CatalogFullError extends Error {
  static override name = 'CatalogFullError'
  override name = 'CatalogFullError'
}

/** An item breaks a bound, such as an id that is too long; the message names the field. */
export class InvalidItemError extends Error {
  static override name = 'InvalidItemError'
  override name = 'InvalidItemError'
}

/** A query has more words, or a longer text, than a search carries. */
export class QueryTooLongError extends Error {
  static override name = 'QueryTooLongError'
  override name = 'QueryTooLongError'
}
