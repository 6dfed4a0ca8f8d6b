#!/usr/bin/env -S node --max-semi-space-size=2
// A small young generation: Node frees the buffers of a transfer soon, and a seed is a third faster.
// Plain JavaScript, with nothing a Node too old for the rest cannot read: it has to say so itself.
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'

/** Only a clone has the project file: there the sources run as they are, with no build. */
const isClone = existsSync(new URL('../tsconfig.json', import.meta.url))

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  const way = isClone ? '; in this clone, "npx peerage" brings its own' : ''
  console.error(`peerage needs Node 22.18 or later, and this is ${process.version}${way}.`)
  process.exit(1)
}

if (isClone) {
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: ['@peerage/source', ...context.conditions] })
  })
}

const { run } = await import(isClone ? '../src/index.ts' : '../dist/index.js')

/** npx passes Ctrl-C on to a process that has it from the terminal already: that is one, not two. */
const oneKeyPress = 500
const stop = new AbortController()
let stoppedAt = 0

function interrupt() {
  if (!stop.signal.aborted) {
    stoppedAt = performance.now()
    stop.abort()
  } else if (performance.now() - stoppedAt > oneKeyPress) {
    process.exit(130)
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt)
// whoever started us with a channel to talk over has gone, however suddenly
if (process.channel) process.on('disconnect', interrupt)
// `peerage search … | head -1`: nobody reads on
for (const stream of [process.stdout, process.stderr]) stream.on('error', interrupt)

const { stdout, stderr, env } = process
const code = await run(process.argv.slice(2), { stdout, stderr, env, signal: stop.signal })
// all is stopped; libp2p leaves timers behind that are no reason to stay, pipes may want a moment
for (const stream of [stdout, stderr]) await new Promise((resolve) => stream.write('', resolve))
process.exit(code)
