import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { generate } from '../../../scripts/generate.ts'

test.each(['flood', 'hit'])('what is generated from %s.proto is up to date', async (name) => {
  const stem = fileURLToPath(new URL(`../src/pb/${name}`, import.meta.url))
  const { js, dts } = await generate(`${stem}.proto`)
  expect(await readFile(`${stem}.js`, 'utf8')).toBe(js)
  expect(await readFile(`${stem}.d.ts`, 'utf8')).toBe(dts)
})
