import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumArgs, findChromium } from './scripts/chromium.ts'
import { closingLine } from './scripts/closing-line.ts'

const source = '@peerage/source'
const never = ['**/node_modules/**', '**/dist/**']

export default defineConfig({
  test: {
    reporters: [process.stdout.isTTY ? 'default' : 'dot', closingLine()],
    silent: 'passed-only',
    projects: [
      {
        resolve: { conditions: [source] },
        ssr: { resolve: { conditions: [source] } },
        test: {
          name: 'node',
          include: ['packages/*/test/**/*.spec.ts', 'examples/*.spec.ts', 'scripts/*.spec.ts'],
          exclude: ['**/*.browser.spec.ts', ...never],
          testTimeout: 30_000,
          hookTimeout: 60_000
        }
      },
      {
        resolve: { conditions: [source, 'browser', 'module', 'import', 'default'] },
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
