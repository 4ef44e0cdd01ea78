/** Finds out which strikes of a bad seed it takes: leaves out what is not needed, in halves, then one by one. */
import { runSeed } from './run.ts'
import type { Strike } from './trouble.ts'

export async function minimise(seed: number): Promise<{ strikes: Strike[]; problems: string[] }> {
  let best = await runSeed(seed)
  for (
    let size = Math.ceil(best.strikes.length / 2);
    size >= 1 && best.problems.length > 0;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < best.strikes.length; ) {
      const without = new Set(best.strikes.slice(at, at + size).map(({ number }) => number))
      const kept = new Set(best.strikes.map(({ number }) => number).filter((number) => !without.has(number)))
      const tried = await runSeed(seed, (number) => kept.has(number))
      if (tried.problems.length > 0) best = tried
      else at += size
    }
  }
  return best
}
