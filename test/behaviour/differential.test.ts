/**
 * The embedded broker and real Kafka get the same generated sequences of requests, right and wrong, and must answer alike and be in the same
 * state after every step. One seed is always the same, the other is new each time; a failure prints seed and path. `ODRADEK_DIFF_STEPS` asks
 * for more steps, `ODRADEK_DIFF_SEED` for a seed of before; `npm run diff` goes on after a difference and tells all of them.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EmbeddedBroker, startBroker } from '../../src/main/testing/index.ts'
import { coordinatorsReady, embeddedOptions, realConfigs } from '../differential/brokers.ts'
import { play, sequences, themes } from '../differential/play.ts'
import { explainMissing, findKafka, type RealKafka, startKafka } from '../kafka/index.ts'

const FIXED_SEED = 431
const STEPS = Number(process.env['ODRADEK_DIFF_STEPS'] ?? 320)
const LENGTH = 25
/** After this time no further sequence begins, unless more steps are asked for. */
const BUDGET_MS = process.env['ODRADEK_DIFF_STEPS'] ? Number.POSITIVE_INFINITY : 1_500
const { via, missing } = await findKafka()
const whether = via === undefined ? ` (skipped: ${explainMissing(missing)})` : ''
if (via === undefined) process.stderr.write(`THE DIFFERENTIAL TEST IS SKIPPED: ${explainMissing(missing)}\n`)
if (via === undefined && process.env['CI'] === 'true') throw new Error('the differential test needs a real Kafka')

describe.skipIf(via === undefined)(`T5 embedded and real, step by step${whether}`, () => {
  let real: RealKafka
  let embedded: EmbeddedBroker

  beforeAll(async () => {
    ;[real, embedded] = await Promise.all([startKafka({ nodes: 1, configs: realConfigs }), startBroker(embeddedOptions)])
    await Promise.all([real.brokers[0]!, embedded.brokers[0]!].map(coordinatorsReady))
  }, 120_000)

  afterAll(() => Promise.all([real?.stop(), embedded?.close()]))

  const fresh = Number(process.env['ODRADEK_DIFF_SEED'] ?? Date.now() % 2 ** 31)
  const runs = [...themes.keys()].flatMap((theme) => [FIXED_SEED, fresh].map((seed) => [theme, seed] as const))

  it.each(runs)('%s, seed %i', { timeout: 60_000 + STEPS * 100 }, async (theme, seed) => {
    const brokers = { real: real.brokers[0]!, embedded: embedded.brokers[0]! }
    const end = performance.now() + BUDGET_MS
    let left = STEPS / runs.length
    let [played, failed] = [0, false]
    const isEnough = () => left <= 0 || (played > 0 && performance.now() > end)
    const property = fc.asyncProperty(sequences(theme, LENGTH), async (steps) => {
      // once one has failed, the others only look for a shorter one
      if (isEnough() && !failed) return
      try {
        const count = await play(theme, steps, brokers)
        played += count
        left -= count
      } catch (error) {
        failed = true
        throw error
      }
    })
    await fc.assert(property, { seed, numRuns: Math.ceil(left), interruptAfterTimeLimit: 45_000 + STEPS * 100 })
    expect(played).toBeGreaterThan(0)
  })
})
