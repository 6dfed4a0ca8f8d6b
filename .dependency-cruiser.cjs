/** The house's arrows. @type {import('dependency-cruiser').IConfiguration} */
const protocol = '^packages/(search-flood|supernode|swarm|login|voip-signal|voip-media)/'

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'protocol-modules-stand-alone',
      comment: 'A protocol module may import wire and catalog, never a sibling, transport or the testbed.',
      severity: 'error',
      from: { path: `${protocol}src/` },
      to: { path: '^packages/', pathNot: ['^packages/$1/', '^packages/(wire|catalog)/'] }
    },
    {
      name: 'protocol-modules-bring-no-node',
      comment: 'Whoever adds a module has a libp2p node already: interfaces only.',
      severity: 'error',
      from: { path: `${protocol}src/` },
      to: { path: 'node_modules/(libp2p|@libp2p/(tcp|websockets|memory|noise|yamux|mdns|circuit-relay-v2))/' }
    },
    {
      name: 'wire-and-catalog-are-the-ground-floor',
      severity: 'error',
      from: { path: '^packages/(wire|catalog)/src/' },
      to: { path: '^packages/', pathNot: '^packages/$1/' }
    },
    {
      name: 'transport-knows-no-protocol',
      severity: 'error',
      from: { path: '^packages/transport/src/' },
      to: { path: '^packages/', pathNot: '^packages/(transport|wire)/' }
    },
    {
      name: 'sources-never-import-the-testbed',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: '^packages/testbed/' },
      to: { path: '^packages/testbed/' }
    },
    {
      name: 'only-wire-and-transport-touch-streams',
      severity: 'error',
      from: { path: '^packages/', pathNot: ['^packages/(wire|transport|testbed)/', '/test/'] },
      to: { path: 'node_modules/@libp2p/utils/' }
    },
    {
      name: 'cores-and-codecs-are-pure',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/(core|codec)/' },
      to: { path: ['node_modules/libp2p/', 'node_modules/@libp2p/', '^node:', '^(fs|timers|worker_threads|net)$'] }
    },
    {
      name: 'sources-never-import-tests',
      severity: 'error',
      from: { path: '/src/' },
      to: { path: '/test/' }
    }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', 'node_modules/(?!libp2p|@libp2p)'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['@peerage/source', 'import', 'types', 'default'] }
  }
}
