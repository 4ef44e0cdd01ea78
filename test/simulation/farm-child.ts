/** A process that runs blocks of seeds for `farm.ts`. */
import { runSeed } from './run.ts'

/** Seeds from the first up to, not including, the second. */
export interface Order {
  from: number
  to: number
}

export interface Told {
  seeds: number
  sent: number
  strikes: number
  bad: { seed: number; problems: string[]; strikes: string[] }[]
}

/** IX1: what nobody caught belongs to the seed that runs. */
let stray: string[] = []
for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (thrown: unknown) => stray.push(`IX1: ${event}: ${thrown instanceof Error ? thrown.stack : thrown}`))
}

async function runBlock({ from, to }: Order): Promise<Told> {
  const told: Told = { seeds: to - from, sent: 0, strikes: 0, bad: [] }
  for (let seed = from; seed < to; seed++) {
    stray = []
    try {
      const { sent, strikes, problems } = await runSeed(seed)
      told.sent += sent
      told.strikes += strikes.length
      const all = [...problems, ...stray]
      if (all.length > 0) told.bad.push({ seed, problems: all, strikes: strikes.map(({ fault }) => fault) })
    } catch (error) {
      told.bad.push({
        seed,
        problems: [`the run failed: ${error instanceof Error ? error.stack : error}`, ...stray],
        strikes: [],
      })
    }
  }
  return told
}

process.on('message', (order: Order) => {
  void runBlock(order).then((told) => process.send!(told))
})
