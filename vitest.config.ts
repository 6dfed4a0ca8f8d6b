import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { closingLine } from './scripts/closing-line.ts'

/** `CHROMIUM`, else the first browser on the path, else the one npm brought. */
async function findChromium(): Promise<string> {
  if (process.env['CHROMIUM'] != null) return process.env['CHROMIUM']
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of ['chromium', 'google-chrome', 'chromium-browser']) {
      try {
        accessSync(join(folder, name), constants.X_OK)
        return join(folder, name)
      } catch {}
    }
  }
  return (await import('@sparticuz/chromium')).default.executablePath()
}

const source = '@peerage/source'

export default defineConfig({
  test: {
    reporters: [process.env['CI'] == null ? 'default' : 'dot', closingLine()],
    projects: [
      {
        resolve: { conditions: [source] },
        ssr: { resolve: { conditions: [source] } },
        test: {
          name: 'node',
          include: [
            'packages/*/test/**/*.spec.ts',
            'examples/*.spec.ts',
            'docs/*.spec.ts',
            'scripts/*.spec.ts'
          ],
          exclude: ['**/*.browser.spec.ts', '**/node_modules/**', '**/dist/**'],
          testTimeout: 30_000,
          hookTimeout: 60_000
        }
      },
      {
        resolve: { conditions: [source, 'browser', 'module', 'import', 'default'] },
        test: {
          name: 'chromium',
          include: ['packages/*/test/**/*.spec.ts'],
          exclude: ['**/*.node.spec.ts', '**/node_modules/**', '**/dist/**'],
          testTimeout: 30_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: await findChromium(),
                args: [
                  '--no-sandbox',
                  '--disable-gpu',
                  '--disable-quic',
                  '--no-first-run',
                  '--disable-background-networking',
                  '--disable-component-update',
                  '--disable-sync'
                ]
              }
            }),
            instances: [{ browser: 'chromium' }]
          }
        }
      }
    ]
  }
})
