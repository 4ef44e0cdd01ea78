/** Members of groups in simulated trouble. `ODRADEK_SEEDS` says how many runs, `ODRADEK_SEED` which one. */
import { expect, it } from 'vitest'
import { runMembers } from './members.ts'

const only = process.env['ODRADEK_SEED']
const count = Number(process.env['ODRADEK_SEEDS'] ?? 30)
const seeds = only === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [Number(only)]

it('IC4 F8 F23 F26 F28 no partition has two owners, and all are owned again after the trouble', {
  timeout: 600_000,
}, async () => {
  let lost = 0
  let revoked = 0
  for (const seed of seeds) {
    const report = await runMembers(seed)
    expect(report.problems, `seed ${seed}\n${report.trouble.join('\n')}`).toEqual([])
    lost += report.lost
    revoked += report.revoked
  }
  // it was trouble indeed
  expect(lost).toBeGreaterThan(seeds.length / 2)
  expect(revoked).toBeGreaterThan(seeds.length / 2)
})

it('the same seed gives the same run', async () => {
  const [one, two] = [await runMembers(7), await runMembers(7)]
  expect(two).toEqual(one)
})
