/** Every bound in the catalog, as data. Sizes in bytes (UTF-8), times in milliseconds. */
export const limits = {
  /** longest content id */
  maxId: 128,
  /** longest item name */
  maxName: 1_024,
  /** attributes of one item */
  maxAttributes: 16,
  /** longest attribute key */
  maxAttributeKey: 64,
  /** longest attribute value */
  maxAttributeValue: 256,
  /** longest token; what is longer is cut, on both sides of a search alike */
  maxToken: 64,
  /** tokens of one item that are indexed, in the order they stand in name and attributes */
  maxItemTokens: 64,
  /** distinct tokens in one query */
  maxQueryTokens: 12,
  /** longest text of a query */
  maxQueryText: 256,
  /** results of a query that does not say how many it wants */
  defaultResults: 50,
  /** most results of one query, whatever it asks for */
  maxResults: 1_000,
  /** candidates one query looks at, so that filters which match nothing cannot stall a node */
  maxExamined: 100_000,
  /** records of one owner; our own are bounded by `maxItems` alone */
  maxItemsPerOwner: 10_000,
  /** records of all owners together */
  maxItems: 1_000_000,
  /** memory of all records together, as estimated by `Catalog.bytes` */
  maxBytes: 1024 * 1024 * 1024,
  /** removed records kept before squeezing them out is worth starting */
  minDead: 1_024,
  /** … and the share of all records they must make up */
  deadShare: 1 / 8,
  /** posting entries looked at by the squeezing that each add and remove pays for */
  compactStep: 512,
  /** folders below a shared one that are watched for changes */
  maxWatchedFolders: 8_192,
  /** files of one folder noted by name; past these the whole folder is looked at again */
  maxNoticedNames: 64,
  /** files asked about at once while a folder is read */
  statsAtOnce: 32,
  /** how long a folder stays quiet before its changes are reported */
  settle: 200,
  /** … and how long a folder that never is quiet can put its changes off */
  longestSettle: 5_000
} as const

/** The bounds a {@link Catalog} may be given; see {@link limits} for each default. */
export interface CatalogLimits {
  readonly maxItemsPerOwner: number
  readonly maxItems: number
  readonly maxBytes: number
  readonly maxExamined: number
  readonly minDead: number
  readonly compactStep: number
}
