import { expect, it } from 'vitest'
import { runTalks } from './run.ts'

const SEED = 20261126
const CASES = Number(process.env['ODRADEK_FUZZ_TALKS'] ?? 10_000)

it(
  `F41, IX7, N4: ${CASES} conversations with servers that lie: nobody is believed who has not proven himself, and none costs much`,
  async () => {
    const { endings } = await runTalks(SEED, CASES)
    // lies are heard at every point, and the truth is believed
    for (const ending of ['let in', 'refused at once', 'refused later'])
      expect(endings.get(ending), ending).toBeGreaterThan(CASES / 20)
  },
  60_000 + CASES * 5,
)
