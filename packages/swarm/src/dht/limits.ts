/** Every bound of looking for peers in a DHT, as data. Times in milliseconds. */
export const limits = {
  /** walks through the DHT under way at a time, all torrents together */
  walks: 8,
  /** how long one may take */
  walkTimeout: 60_000,
  /** peers taken from one walk */
  found: 200,
  /** wait before peers are looked for again while none is found; doubles each time … */
  firstRetry: 5_000,
  /** … up to this, which is also the wait before a record that failed is tried again */
  every: 60_000,
  /** records are renewed after this long: others keep them for 48 hours, and some of those leave */
  renewEvery: 22 * 60 * 60_000
} as const
