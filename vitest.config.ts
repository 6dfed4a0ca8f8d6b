import { availableParallelism } from 'node:os'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumArgs, findChromium } from './scripts/chromium.ts'
import { closingLine } from './scripts/closing-line.ts'

const source = '@peerage/source'
const never = ['**/node_modules/**', '**/dist/**']

/** What browser specs import: bundled before the run, for a dependency found during it reloads the page. */
const bundledFirst = [
  '@libp2p/circuit-relay-v2',
  '@libp2p/crypto/keys',
  '@libp2p/identify',
  '@libp2p/interface',
  '@libp2p/logger',
  '@libp2p/memory',
  '@libp2p/noise',
  '@libp2p/peer-id',
  '@libp2p/peer-record',
  '@libp2p/ping',
  '@libp2p/tcp',
  '@libp2p/utils',
  '@libp2p/websockets',
  '@libp2p/yamux',
  '@multiformats/multiaddr',
  '@noble/hashes/legacy.js',
  'datastore-core',
  'fast-check',
  'fflate',
  'interface-datastore',
  'libp2p',
  'main-event',
  'p-event',
  'protons-runtime',
  'uint8arraylist'
]

export default defineConfig({
  test: {
    reporters: [process.stdout.isTTY ? 'default' : 'dot', closingLine()],
    silent: 'passed-only',
    // many specs wait for other processes, whose timers no core hurries
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      {
        resolve: { conditions: [source] },
        ssr: { resolve: { conditions: [source] } },
        test: {
          name: 'node',
          include: ['packages/*/test/**/*.spec.ts', 'examples/*.spec.ts', 'scripts/*.spec.ts'],
          exclude: ['**/*.browser.spec.ts', ...never],
          // no spec leaves anything behind in a module, and loading libp2p anew for each costs seconds
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000
        }
      },
      {
        resolve: { conditions: [source, 'browser', 'module', 'import', 'default'] },
        optimizeDeps: { include: bundledFirst },
        test: {
          name: 'chromium',
          include: ['packages/*/test/**/*.spec.ts'],
          exclude: ['**/*.node.spec.ts', ...never],
          testTimeout: 30_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { executablePath: await findChromium(), args: chromiumArgs }
            }),
            instances: [{ browser: 'chromium' }]
          }
        }
      }
    ]
  }
})
