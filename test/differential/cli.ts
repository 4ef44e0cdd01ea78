/**
 * `npm run diff`: long runs of the differential test by hand. Starts both brokers, plays sequences until so many steps were run, and goes on after a
 * difference; at the end it tells each kind of difference once, with the shortest sequence found that shows it.
 */
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { startBroker } from '../../src/main/testing/index.ts'
import { startKafka } from '../kafka/index.ts'
import { coordinatorsReady, embeddedOptions, realConfigs } from './brokers.ts'
import { Different } from './pair.ts'
import { type Brokers, play, type Step, sequences, themes } from './play.ts'

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    length: { type: 'string', default: '40' },
    theme: { type: 'string', multiple: true, default: [...themes.keys()] },
    /** Kinds of steps to leave out. */
    without: { type: 'string', multiple: true, default: [] },
    real: { type: 'string' },
  },
})

interface Found {
  times: number
  steps: Step[]
  message: string
}

const found = new Map<string, Found>()

function note(error: unknown, theme: string, steps: Step[]): void {
  const where = `${theme}: ${error instanceof Different ? error.where : error instanceof Error ? error.message : error}`
  const known = found.get(where)
  const message =
    error instanceof Error ? `${error.message}${error instanceof Different ? '' : `\n${error.stack}`}` : String(error)
  if (known === undefined) process.stdout.write(`NEW ${where}\n    ${message.slice(0, 700)}\n`)
  if (known === undefined || steps.length < known.steps.length)
    found.set(where, { times: (known?.times ?? 0) + 1, steps, message })
  else known.times++
}

/** The steps without those that the difference does not take. */
async function shorten(theme: string, steps: Step[], brokers: Brokers, difference: unknown): Promise<Step[]> {
  const differs = async (some: Step[]) => {
    if (some.length === 0) return false
    const error = await play(theme, some, brokers).catch((error: unknown) => error)
    return error instanceof Different && difference instanceof Different && error.where === difference.where
  }
  let kept = steps
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < kept.length; ) {
      const fewer = kept.toSpliced(at, size)
      if (await differs(fewer)) kept = fewer
      else at += size
    }
  }
  return kept
}

const kafka = values.real === undefined ? await startKafka({ nodes: 1, configs: realConfigs }) : undefined
const broker = await startBroker(embeddedOptions)
const brokers = { real: values.real ?? kafka!.brokers[0]!, embedded: broker.brokers[0]! }
for (const address of [brokers.real, brokers.embedded]) await coordinatorsReady(address)
let run = 0
const seed = Number(values.seed)
process.stdout.write(`seed ${seed}\n`)
try {
  const perTheme = Number(values.steps) / values.theme.length
  for (const theme of values.theme) {
    const samples = fc.sample(sequences(theme, Number(values.length)), { seed, numRuns: Math.ceil(perTheme / 4) })
    let steps = 0
    for (const whole of samples) {
      const sample = whole.filter(({ does }) => !values.without.includes(does))
      if (steps >= perTheme) break
      let at = 0
      try {
        await play(theme, sample, brokers, () => at++)
      } catch (error) {
        const known = found.size
        note(error, theme, sample.slice(0, at + 1))
        if (found.size > known) {
          const newest = [...found.values()].at(-1)!
          newest.steps = await shorten(theme, newest.steps, brokers, error)
          process.stdout.write(`    ${JSON.stringify(newest.steps)}\n`)
        }
      }
      steps += at
    }
    run += steps
  }
} finally {
  await broker.close()
  await kafka?.stop()
}
process.stdout.write(`${run} steps, ${found.size} kinds of difference\n`)
for (const [where, { times }] of found) process.stdout.write(`${times} x ${where}\n`)
process.exitCode = found.size === 0 ? 0 : 1
