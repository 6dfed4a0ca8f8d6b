// Runs before `npm start` and `npm test`, on whatever Node the machine has: keep it readable for Node 20.
import { execSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'

const changed = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

if (changed('node_modules/.package-lock.json') < changed('package-lock.json')) {
  console.log('Installing what Peerage is built with (once, about a minute) …')
  execSync('npm ci --loglevel=error', { stdio: 'inherit' })
}

if (!existsSync('node_modules/.bin/node') && Number(process.versions.node.split('.')[0]) < 24) {
  console.error(`Peerage is built with Node 24; this is Node ${process.versions.node}.`)
  console.error('Install Node 24 or later, then run the same command again.')
  process.exit(1)
}
