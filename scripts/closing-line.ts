import type { Reporter, TestModule } from 'vitest/node'

/**
 * Prints `N passed, N failed` as the run's last line. What goes wrong outside a test (a hook, an
 * import, a rejection nobody caught) counts as a failure, so the line never contradicts the exit code.
 */
export function closingLine(): Reporter {
  return {
    onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
      const count = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 }
      for (const module of modules) {
        for (const test of module.children.allTests()) count[test.result().state]++
        for (const suite of [module, ...module.children.allSuites()]) {
          count.failed += suite.errors().length
        }
      }
      process.once('exit', (code) => {
        const failed = code === 0 ? count.failed : Math.max(count.failed, 1)
        const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
        console.log(`${count.passed} passed, ${failed} failed${skipped}`)
      })
    }
  }
}
