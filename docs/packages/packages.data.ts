import { readFileSync } from 'node:fs'
import { packageNames } from '../.vitepress/packages.ts'

interface Row {
  folder: string
  name: string
  description: string
}

declare const data: Row[]
export { data }

export default {
  watch: ['../../packages/*/package.json'],
  load: (): Row[] => packageNames().map(row)
}

function row(folder: string): Row {
  const file = new URL(`../../packages/${folder}/package.json`, import.meta.url)
  const { name, description } = JSON.parse(readFileSync(file, 'utf8'))
  return { folder, name, description }
}
