/** `npm run sim`: `--seed N` replays one run and shows its faults, `--seeds N [--from M]` runs many and reports the bad ones. */
import { parseArgs } from 'node:util'
import { runSeed } from './run.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string' }, seeds: { type: 'string', default: '200' }, from: { type: 'string', default: '1' } },
})
if (values.seed) {
  const { strikes, problems, ...c } = await runSeed(Number(values.seed))
  for (const s of strikes) console.log(s.number, s.at.toFixed(0), s.fault, s.text)
  console.log(c, problems)
} else {
  const from = Number(values.from)
  for (let s = from; s < from + Number(values.seeds); s++) {
    const { problems } = await runSeed(s)
    if (problems.length) console.log(s, problems.length, problems.slice(0, 2))
  }
}
