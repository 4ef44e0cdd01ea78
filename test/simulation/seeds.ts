/** The simulated runs as tests, dealt to several files so that they run on several cores. */
import { describe, expect, it } from 'vitest'
import { runSeed } from './run.ts'

/** `npm run sim -- --seed N` shows one of them, `--seeds N` runs more. */
const WANTED = Number(process.env['ODRADEK_SIM_SEEDS'] ?? (process.env['CI'] === 'true' ? 2000 : 200))
const BLOCK = 25
/** Far more than a block takes on a busy machine. */
const BLOCK_TIMEOUT_MS = 300_000

/** Every `players`-th block of seeds, beginning with the one of this number. */
export function dealSeeds(player: number, players: number): void {
  const seeds = Math.max(WANTED, players * BLOCK)
  describe('F1, F2, F4, F5, F6, F10, F11, F12, F13, F15, F16, F17, F20, F21, F35, F36, F37, F43, F47, F50: producers and readers in simulated trouble', () => {
    for (let from = 1 + player * BLOCK; from <= seeds; from += players * BLOCK) {
      const to = Math.min(seeds, from + BLOCK - 1)
      it(
        `keep IP1, IP2, IP3, IP4, IP6, IP7, IP8, IC1, IC2, IX1, IX4 and IX5 with seeds ${from} to ${to}`,
        async () => {
          for (let seed = from; seed <= to; seed++) {
            const { problems } = await runSeed(seed)
            expect(problems, `seed ${seed}; replay it with npm run sim -- --seed ${seed} --minimise`).toEqual([])
          }
        },
        BLOCK_TIMEOUT_MS,
      )
    }
  })
}
