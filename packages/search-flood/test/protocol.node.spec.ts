import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { limits, offences } from '../src/limits.ts'

const n = (value: number): string => value.toLocaleString('en')
const every = (rate: number): string =>
  rate >= 1 ? `${rate} per second` : `1 every ${Math.round(1 / rate)} seconds`
const pace = (burst: number, rate: number): string => `${burst}, then ${every(rate)}`

const rows: Array<[string, string]> = [
  ['frame', `${n(limits.maxFrame)} B`],
  ['`Query` frame; its text', `${n(limits.maxQueryFrame)} B; ${limits.maxText} B`],
  ['`Hits` frame; the record inside', `${n(limits.maxHitsFrame)} B; ${n(limits.maxHitRecord)} B`],
  ['items in a record', `${limits.maxItems}`],
  ['addresses in a record; each', `${limits.maxAddresses}; ${limits.maxAddress} B`],
  ['other peers in a frame; each record', `${limits.maxOthers}; ${n(limits.maxPeerRecord)} B`],
  ['`Bye.reason`', `${limits.maxReason} B`],
  ['hops + TTL', `${limits.maxTtl}`],
  ['neighbours', `${limits.mostNeighbours}`],
  ["a neighbour's own queries (`hops` 0)", pace(limits.ownQueryBurst, limits.ownQueryRate)],
  ['queries it passes on', pace(limits.relayedQueryBurst, limits.relayedQueryRate)],
  ['its hits frames', pace(limits.hitsBurst, limits.hitsRate)],
  ['its hellos and pings', pace(limits.greetingBurst, limits.greetingRate)],
  ['times it is told of others', pace(limits.introductionBurst, limits.introductionRate)],
  ['records of others it has us check', pace(limits.meetingBurst, limits.meetingRate)],
  ['own searches a node sends', pace(limits.searchBurst, limits.searchRate)]
]

const offenceRows: Array<[string, number]> = [
  ['a first frame that is no hello', offences.outOfTurn],
  ['the same query twice', offences.repeatedQuery],
  ['a hit for a query that was not sent that way', offences.strayHit],
  ['a record, or a hit of its own, whose signature, signer or query is wrong', offences.forgery],
  ['TTL and hops out of bounds', offences.overHorizon],
  ['own queries, hellos and pings over the rate', offences.flooding],
  ['such a hit that it passed back', offences.relayedForgery]
]

test('the tables in PROTOCOL.md say what limits.ts says', async () => {
  const text = await readFile(new URL('../PROTOCOL.md', import.meta.url), 'utf8')
  const table = /<!-- limits -->\n(?<table>[^]*?)<!-- \/limits -->/.exec(text)?.groups?.['table']
  const lines = rows.map(([limit, value]) => `| ${limit} | ${value} |\n`)
  expect(table).toBe(`| limit | value |\n| --- | --- |\n${lines.join('')}`)
  const points = offenceRows.map(([offence, weight]) => `| ${offence} | ${weight} |\n`)
  expect(text).toContain(`| offence | points |\n| --- | --- |\n${points.join('')}\n`)
})
