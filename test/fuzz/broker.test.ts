import { expect, it } from 'vitest'
import { handlers } from '../../src/main/testing/broker/apis/index.ts'
import { fuzzBroker } from './fuzz-broker.ts'

const FRAMES = Number(process.env['ODRADEK_FUZZ_REQUESTS'] ?? 5_120)
/** A thousand take a third of a second on a quiet machine. */
const PATIENCE_MS = 30_000 + 5 * FRAMES

it(
  `F15 G6: ${FRAMES} damaged requests end in an answer or a closed connection; the embedded broker goes on and keeps no memory`,
  async () => {
    const report = await fuzzBroker({ frames: FRAMES, seed: 20261125 })
    expect(report.failures).toEqual([])
    expect(report.frames).toBe(FRAMES)
    const missed = Array.from(handlers.values(), ({ api }) => api.name).filter((api) => !report.counts[api])
    expect(missed).toEqual([])
    // they come in all kinds: what is refused as a frame, what is understood, what is cut
    for (const ending of ['answered', 'closed', 'unfinished'] as const)
      expect(report.endings[ending], ending).toBeGreaterThan(FRAMES / 200)
  },
  PATIENCE_MS,
)
