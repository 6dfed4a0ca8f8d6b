import type { SimResult } from '../../packages/swarm/test/sim/measure.ts'

/** What one seed of chance gave, by the scenario's name. */
export type Results = Readonly<Record<string, SimResult>>

/** One figure that a simulated swarm is held to. */
export interface Figure {
  /** whose bound is shown; what it is computed from is in `of` */
  readonly scenario: string
  readonly name: string
  readonly of: (results: Results) => number
  readonly least?: number
  readonly most?: number
  /** what the reference simulator measured, that knows no latency, no queues and no hash */
  readonly reference: string
}

const timeOf = (result: SimResult, name: string): number => result.meanOf.get(name)!

/** Both kinds of swarm of equals are held to the same. */
function ofEquals(scenario: string, reference: [string, string, string]): Figure[] {
  const [lines, last, jain] = reference
  const of = (read: (result: SimResult) => number) => (results: Results) => read(results[scenario]!)
  return [
    {
      scenario,
      name: 'lines used',
      of: of(({ utilisation }) => utilisation),
      least: 0.9,
      reference: lines
    },
    {
      scenario,
      name: 'last / bound',
      of: of(({ last: at, bound }) => at / bound),
      most: 1.15,
      reference: last
    },
    {
      scenario,
      name: 'fetched twice',
      of: of(({ duplicates }) => duplicates),
      most: 0.01,
      reference: '< 0.0005'
    },
    {
      scenario,
      name: 'service of the seed, Jain',
      of: of(({ seedJain }) => seedJain),
      least: 0.95,
      reference: jain
    }
  ]
}

export const figures: readonly Figure[] = [
  ...ofEquals('equal', ['0.964', '1.06', '0.994']),
  ...ofEquals('slow-seed', ['0.945', '1.11', '-']),
  {
    scenario: 'three-classes',
    name: 'slow / fast',
    of: ({ 'three-classes': result }) => timeOf(result!, 'slow') / timeOf(result!, 'fast'),
    least: 2.5,
    reference: '3.87'
  },
  {
    scenario: 'three-classes',
    name: 'slow / medium',
    of: ({ 'three-classes': result }) => timeOf(result!, 'slow') / timeOf(result!, 'medium'),
    least: 1,
    reference: '1.77'
  },
  {
    scenario: 'three-classes',
    name: 'medium / fast',
    of: ({ 'three-classes': result }) => timeOf(result!, 'medium') / timeOf(result!, 'fast'),
    least: 1,
    reference: '2.19'
  },
  {
    scenario: 'free-riders',
    name: 'riders / contributors',
    of: ({ 'free-riders': result }) => timeOf(result!, 'rider') / timeOf(result!, 'leech'),
    least: 1.6,
    reference: '1.84'
  },
  {
    scenario: 'free-riders',
    name: 'contributors / the same with slots by lot',
    of: ({ 'free-riders': ours, 'slots-by-lot': lot }) =>
      timeOf(ours!, 'leech') / timeOf(lot!, 'leech'),
    most: 1,
    reference: '0.86'
  },
  {
    scenario: 'seed-leaves',
    name: 'finish',
    of: ({ 'seed-leaves': result }) => result!.finished,
    least: 0.95,
    reference: '0.975'
  }
]
