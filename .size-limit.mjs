// What each package adds to a page, gzipped: its own code, without its siblings and without what a
// libp2p node brings along anyway.
const shared = [
  '@peerage/*',
  'libp2p',
  '@libp2p/*',
  '@multiformats/*',
  'interface-datastore',
  'main-event',
  'multiformats',
  'protons-runtime',
  'uint8-varint',
  'uint8arraylist',
  'uint8arrays'
]

const budgets = {
  wire: '7 kB',
  catalog: '6 kB',
  'search-flood': '16 kB',
  swarm: '36 kB',
  transport: '10 kB'
}

export default Object.entries(budgets).map(([name, limit]) => ({
  name: `@peerage/${name}`,
  path: `packages/${name}/dist/index.js`,
  limit,
  gzip: true,
  ignore: shared
}))
