import type { Reporter, TestModule } from 'vitest/node'

/** Prints `N passed, N failed` as the run's last line; an error outside any test counts as a failure. */
export function closingLine(): Reporter {
  return {
    onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
      const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 }
      for (const module of modules) {
        if (module.state() === 'failed' && module.errors().length > 0) count.failed++
        for (const test of module.children.allTests()) count[test.result().state]++
      }
      const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
      process.on('exit', () => {
        console.log(`${count.passed} passed, ${count.failed} failed${skipped}`)
      })
    }
  }
}
