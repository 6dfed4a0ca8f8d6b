// What each entry adds to a page, gzipped: its own code, without its siblings and without what a
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
  'search-flood/gnutella06': '15 kB',
  swarm: '45 kB',
  'swarm/browser': '5 kB',
  'swarm/dht': '5 kB',
  transport: '10 kB'
}

/** `swarm` is a package's own entry, `swarm/dht` one beside it. */
function fileOf(entry) {
  const [name, beside = 'index'] = entry.split('/')
  return `packages/${name}/dist/${beside}.js`
}

export default Object.entries(budgets).map(([entry, limit]) => ({
  name: `@peerage/${entry}`,
  path: fileOf(entry),
  limit,
  gzip: true,
  ignore: shared
}))
