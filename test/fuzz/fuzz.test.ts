import { describe, expect, it } from 'vitest'
import { MalformedFrame, Reader } from '../../src/shared/protocol/reader.ts'
import { codecOf, goldenMessages } from '../shared/protocol/golden.ts'
import { corpus, decoderOf } from './corpus.ts'
import { type Decoder, decoders, outcomeKind } from './decoders.ts'
import { fuzz } from './fuzz.ts'

const SEED = 20261124
const FRAMES = Number(process.env['ODRADEK_FUZZ_FRAMES'] ?? (process.env['CI'] === 'true' ? 1_000_000 : 100_000))
/** What a run has to do beside its frames, and how long a thousand of these may take on a slow machine. */
const PATIENCE_MS = 60_000 + FRAMES / 2

it(
  `G6: ${FRAMES} damaged frames end as a value or a typed error, each within 50 ms and four times its size`,
  async () => {
    const report = await fuzz({ frames: FRAMES, seed: SEED })
    expect(report.failures).toEqual([])
    expect(report.frames).toBe(FRAMES)
    const missed = decoders.filter(({ name }) => !report.counts[name])
    expect(missed.map(({ name }) => name)).toEqual([])
  },
  PATIENCE_MS,
)

describe('the fuzzer', () => {
  it('finds what it is there to find', async () => {
    const { judge } = await import('./judge.ts')
    const told = (run: Decoder['run']) => {
      const decoder: Decoder = { name: 'bad', kind: 'codec', seeds: [], run }
      return judge(decoder, Buffer.alloc(10), 0).problem
    }
    const waste = (bytes: number) => () => String(Buffer.alloc(bytes, 1).length)
    expect(told(() => 'read')).toBeUndefined()
    expect(told(() => String((undefined as unknown as string).length))).toContain('threw TypeError')
    expect(told(waste(4 << 20))).toBeUndefined()
    expect(told(waste(9 << 20))).toMatch(/^took \d+ bytes for a frame of 10$/)
    expect(
      told(() => {
        for (const started = process.cpuUsage(); process.cpuUsage(started).user < 60_000; );
        return 'read'
      }),
    ).toMatch(/^took \d+ ms$/)
  })
})

/** Without the reasons that zlib gives, which differ from Node to Node. */
function ownWords(outcome: string): string {
  return outcome.replace(/(?<=are not valid (?:gzip|zstd)).*/, '')
}

describe('the corpus', () => {
  it.each(Array.from(Map.groupBy(corpus, ({ decoder }) => decoder)))('ends as it did before: %s', (name, kept) => {
    const decoder = decoderOf(name)
    const endings = kept.map(({ version, hex }) => ownWords(outcomeKind(decoder.run(Buffer.from(hex, 'hex'), version))))
    expect(endings).toEqual(kept.map(({ outcome }) => ownWords(outcome)))
  })
})

describe('a protocol frame that was cut is malformed wherever it was cut, and not a byte behind the cut is read', () => {
  const whole = goldenMessages.filter(({ m, v, mode }) => v <= codecOf(m).maxVersion && mode === 'unknown')
  it.each(Array.from(Map.groupBy(whole, ({ m }) => m)))('%s', (_name, messages) => {
    for (const { m, v, hex } of messages) {
      const frame = Buffer.from(hex, 'hex')
      for (let end = 0; end < frame.length; end++) {
        expect(() => codecOf(m).decode(new Reader(frame, 0, end), v), `version ${v} cut at ${end}`).toThrow(MalformedFrame)
      }
    }
  })
})
