/** `npm run sim`: `--seed N` replays one run and shows its faults, `--seeds N [--from M]` runs many and reports the bad ones. */
import { parseArgs } from 'node:util'
import { runProducers } from './producer-run.ts'

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
  },
})

if (values.seed !== undefined) {
  const { faults, problems, ...counts } = await runProducers(whole(values.seed, 'seed'))
  for (const fault of faults) console.log(fault)
  console.log(counts)
  for (const problem of problems) console.log(problem)
  process.exit(problems.length > 0 ? 1 : 0)
}

const from = whole(values.from, 'from')
const seeds = whole(values.seeds, 'seeds')
const bad: number[] = []
const started = performance.now()
for (let seed = from; seed < from + seeds; seed++) {
  let problems: string[]
  try {
    problems = (await runProducers(seed)).problems
  } catch (error) {
    problems = [error instanceof Error ? error.message : String(error)]
  }
  if (problems.length > 0) {
    bad.push(seed)
    console.log(`seed ${seed}: ${problems.slice(0, 3).join('; ')}`)
  }
  const done = seed - from + 1
  if (done % 500 === 0)
    console.log(`${done} of ${seeds} seeds, ${bad.length} bad, ${((performance.now() - started) / 1000).toFixed(0)} s`)
}
console.log(`${seeds} seeds, ${bad.length} bad${bad.length > 0 ? `: ${bad.join(', ')}` : ''}`)
process.exit(bad.length > 0 ? 1 : 0)
