// The house's arrows: which room may import which. CONTRIBUTING.md draws the same map.

const protocol = 'search-flood|supernode|swarm|login|voip-signal|voip-media'
const libp2pParts = 'tcp|websockets|webrtc|memory|noise|yamux|mdns|circuit-relay-v2|identify'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'every-import-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true }
    },
    {
      name: 'protocol-modules-stand-alone',
      comment: 'A protocol module may import wire and catalog, never a sibling or transport.',
      severity: 'error',
      from: { path: `^packages/(${protocol})/src/` },
      to: { path: '^packages/', pathNot: ['^packages/$1/', '^packages/(wire|catalog)/'] }
    },
    {
      name: 'protocol-modules-bring-no-node',
      comment: 'Whoever adds a module has a libp2p node already: interfaces only.',
      severity: 'error',
      from: { path: `^packages/(${protocol}|wire|catalog)/src/` },
      to: { path: `node_modules/(libp2p|@libp2p/(${libp2pParts}))/` }
    },
    {
      name: 'gateways-compose-modules',
      comment: 'A gateway may import any module, and is told by its user how to make nodes.',
      severity: 'error',
      from: { path: '^packages/(gateway-[^/]+)/src/' },
      to: {
        path: `^packages/|node_modules/(libp2p|@libp2p/(${libp2pParts}))/`,
        pathNot: [`^packages/(${protocol})/`, '^packages/($1|wire|catalog)/']
      }
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
      name: 'the-testbed-knows-no-protocol',
      severity: 'error',
      from: { path: '^packages/testbed/src/' },
      to: { path: '^packages/', pathNot: '^packages/(testbed|transport|wire)/' }
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
      from: { path: '^packages/[^/]+/src/', pathNot: '^packages/(wire|transport|testbed)/' },
      to: { path: 'node_modules/@libp2p/utils/' }
    },
    {
      name: 'cores-and-codecs-bring-no-libp2p',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/(core|codec|gnutella06)/' },
      to: { path: 'node_modules/(libp2p|@libp2p)/' }
    },
    {
      name: 'cores-and-codecs-bring-no-platform',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/(core|codec|gnutella06)/' },
      to: { dependencyTypes: ['core'] }
    },
    {
      name: 'packages-are-entered-by-the-front-door',
      comment: 'Import `@peerage/wire`, not a path into another package; only bench looks inside.',
      severity: 'error',
      from: { path: '^(packages/[^/]+|examples|docs)/' },
      to: { path: '^packages/', pathNot: '^$1/', dependencyTypes: ['local'] }
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
    exclude: { path: ['^packages/[^/]+/dist/', 'node_modules/(?!libp2p|@libp2p)'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@peerage/source', 'import', 'types', 'default']
    }
  }
}
