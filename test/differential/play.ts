/** A sequence of steps, how it is generated and how it runs: after each step both brokers must have answered alike and be in the same state. */
import fc from 'fast-check'
import { UnsupportedField, UnsupportedNull } from '../../src/shared/protocol/api.ts'
import { classicSteps } from './classic-steps.ts'
import { consumerSteps } from './consumer-steps.ts'
import { observeGroups, offsetSteps } from './offset-steps.ts'
import { Pair } from './pair.ts'
import { observeLogs, recordSteps } from './record-steps.ts'
import type { StepKind } from './step.ts'
import { topicSteps } from './topic-steps.ts'
import { observeTransactions, transactionSteps } from './transaction-steps.ts'
import { World } from './world.ts'

const rarely = (kind: StepKind): StepKind => ({ ...kind, weight: Math.ceil(kind.weight / 4) })

/** What a sequence is about. */
export const themes: ReadonlyMap<string, readonly StepKind[]> = new Map([
  ['records', [...recordSteps, ...topicSteps]],
  ['classic groups', [...classicSteps, ...offsetSteps]],
  ['consumer groups', [...consumerSteps, ...offsetSteps, ...topicSteps.filter(({ name }) => /partitions|delete/.test(name))]],
  ['transactions', [...transactionSteps, ...recordSteps.map(rarely), ...offsetSteps.map(rarely)]],
  ['all', [...recordSteps, ...topicSteps, ...transactionSteps, ...classicSteps, ...consumerSteps, ...offsetSteps]],
])

/** A step as it is generated and printed. */
export interface Step {
  does: string
  params: unknown
}

/** Sequences of up to `length` steps about a theme. */
export function sequences(theme: string, length: number): fc.Arbitrary<Step[]> {
  const kinds = themes.get(theme)!
  const step = fc.oneof(
    ...kinds.map(({ name, weight, params }) => ({ weight, arbitrary: fc.record({ does: fc.constant(name), params }) })),
  )
  return fc.array(step, { minLength: 1, maxLength: length, size: 'max' })
}

export interface Brokers {
  real: string
  embedded: string
}

/** Runs the steps on both; throws `Different` where the brokers part. Gives how many steps were run. */
export async function play(
  theme: string,
  steps: readonly Step[],
  { real, embedded }: Brokers,
  stepped = () => {},
): Promise<number> {
  const kinds = new Map(themes.get(theme)!.map((kind) => [kind.name, kind]))
  const pair = new Pair(real, embedded)
  const world = new World(pair)
  let done = 0
  try {
    await world.makeTopic(2)
    await world.makeTopic(3)
    for (const { does, params } of steps) {
      await run(world, kinds.get(does)!, params)
      await pair.settle()
      await observe(world, theme, false)
      done++
      stepped()
    }
    await observe(world, theme, true)
    return done
  } finally {
    await world.end()
  }
}

async function run(world: World, { run }: StepKind, params: unknown): Promise<void> {
  try {
    await run(world, params as never)
  } catch (error) {
    // A version of the API that cannot say what the step wants to.
    if (!(error instanceof UnsupportedField || error instanceof UnsupportedNull)) throw error
  }
}

async function observe(world: World, theme: string, atEnd: boolean): Promise<void> {
  if (theme === 'transactions' || theme === 'all') await observeTransactions(world)
  if (theme !== 'classic groups' && theme !== 'consumer groups') await observeLogs(world, atEnd)
  if (theme !== 'records') await observeGroups(world)
}
