import { describe, expect, it } from 'vitest'
import { runProducers } from './producer-run.ts'

/** Each seed is a run of its own; `npm run sim -- --seed N` shows one, `--seeds N` runs more. */
const SEEDS = Number(process.env['ODRADEK_SIM_SEEDS'] ?? 200)
const BLOCK = 50

describe('simulated producers on a cluster in trouble keep IP1, IP2, IP3, IP4 and IP7', () => {
  for (let from = 1; from <= SEEDS; from += BLOCK) {
    const to = Math.min(SEEDS, from + BLOCK - 1)
    it(`with seeds ${from} to ${to}`, async () => {
      for (let seed = from; seed <= to; seed++) {
        const { problems } = await runProducers(seed)
        expect(problems, `seed ${seed}; replay it with npm run sim -- --seed ${seed}`).toEqual([])
      }
    }, 120_000)
  }

  it('and the same seed gives the same run', async () => {
    const [first, second] = [await runProducers(7), await runProducers(7)]
    expect(second).toEqual(first)
    expect(first.faults.length).toBeGreaterThan(0)
    expect(first.acked).toBeGreaterThan(0)
  })
})
