/**
 * `npm run sim`: `--seed N` replays one run and shows its faults, with `--minimise` only those it takes; `--seeds N [--from M]` runs
 * many on all cores and reports the bad ones.
 */
import { parseArgs } from 'node:util'
import { runSeeds } from './farm.ts'
import { minimise } from './minimise.ts'
import { runSeed } from './run.ts'

const TELL_EVERY_MS = 5_000
const SHOWN_PROBLEMS = 3

function whole(text: string, name: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 0) return value
  console.error(`--${name} must be a whole number, not '${text}'`)
  process.exit(2)
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    minimise: { type: 'boolean', default: false },
  },
})

async function showOne(seed: number): Promise<boolean> {
  const { strikes, problems, ...counts } = values.minimise ? await minimise(seed) : await runSeed(seed)
  for (const { number, at, fault, text } of strikes) console.log(`${at.toFixed(0)} ms  #${number} ${fault}: ${text}`)
  console.log(counts)
  for (const problem of problems) console.log(problem)
  return problems.length === 0
}

async function runMany(from: number, seeds: number): Promise<boolean> {
  const started = performance.now()
  let toldAt = started
  let shown = 0
  const { sent, strikes, bad } = await runSeeds(from, seeds, (soFar) => {
    for (const { seed, problems, strikes: struck } of soFar.bad.slice(shown)) {
      console.log(`seed ${seed}: ${problems.slice(0, SHOWN_PROBLEMS).join('; ')}`)
      console.log(`  after ${struck.join(', ') || 'nothing'}`)
    }
    shown = soFar.bad.length
    const now = performance.now()
    if (now - toldAt < TELL_EVERY_MS) return
    toldAt = now
    const rate = soFar.seeds / ((now - started) / 1000)
    const left = (seeds - soFar.seeds) / rate
    console.log(`${soFar.seeds} of ${seeds} seeds, ${shown} bad, ${rate.toFixed(0)} a second, ${left.toFixed(0)} s left`)
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  console.log(`${seeds} seeds in ${seconds} s: ${sent} sends, ${strikes} faults, ${bad.length} bad`)
  if (bad.length > 0) console.log(`replay with --seed N [--minimise]: ${bad.map(({ seed }) => seed).join(', ')}`)
  return bad.length === 0
}

const good =
  values.seed !== undefined
    ? await showOne(whole(values.seed, 'seed'))
    : await runMany(whole(values.from, 'from'), whole(values.seeds, 'seeds'))
process.exit(good ? 0 : 1)
