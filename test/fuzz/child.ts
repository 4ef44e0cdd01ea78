/** One of the processes of a run: takes every n-th frame of the series, in rounds, and sends home what it found. */
import { peakMemory } from '../support/peak-memory.ts'
import { endingOf, known, MAX_KEPT_BYTES } from './corpus.ts'
import { outcomeKind } from './decoders.ts'
import { Frames } from './frames.ts'
import { allowedBytes, Collections, judge, MAX_MS, type Verdict } from './judge.ts'
import { addFailure, addFresh, addSlow, emptyReport } from './report.ts'

export interface Share {
  frames: number
  seed: number
  only: string | undefined
  child: number
  children: number
}

export type Message = { done: number } | { report: ReturnType<typeof emptyReport> }

const ROUND = 250
/** Of a collection that happens by itself in a frame judged alone. */
const TRIES = 4

// millions of errors are made here, and nobody reads where
Error.stackTraceLimit = 0

const report = emptyReport()
const collections = new Collections()

function note(frames: Frames, index: number, verdict: Verdict): void {
  const { decoder, version, frame } = frames.at(index)
  const { outcome, ms, bytes, problem } = verdict
  const kept = { decoder: decoder.name, version, hex: frame.toString('hex'), outcome: outcomeKind(outcome) }
  if (problem !== undefined) addFailure(report, { ...kept, problem, index })
  else if (frame.length <= MAX_KEPT_BYTES) {
    const ending = endingOf(decoder.name, outcome)
    if (!known.has(ending)) addFresh(report, ending, kept)
  }
  addSlow(report, { decoder: decoder.name, index, ms, size: frame.length })
  report.memory = Math.max(report.memory, bytes / allowedBytes(frame))
}

/** Judges a frame with an empty nursery; one that is collected in all the same, each time, takes too much. */
async function judgeAlone(frames: Frames, index: number): Promise<Verdict> {
  const { decoder, version, frame } = frames.at(index)
  let verdict: Verdict | undefined
  for (let tries = 0; tries < TRIES; tries++) {
    await collections.uninvited()
    collections.empty()
    verdict = judge(decoder, frame, version)
    if ((await collections.uninvited()) === 0) return verdict
  }
  if (decoder.announces) return verdict!
  return { ...verdict!, problem: verdict!.problem ?? `made the heap collect, ${TRIES} times of ${TRIES}` }
}

async function round(frames: Frames, indexes: number[]): Promise<void> {
  await collections.uninvited()
  collections.empty()
  const verdicts = indexes.map((index) => {
    if (collections.nurseryIsFull) collections.empty()
    const { decoder, version, frame } = frames.at(index)
    report.counts[decoder.name] = (report.counts[decoder.name] ?? 0) + 1
    const verdict = judge(decoder, frame, version)
    // the first runs of code are slow: what is told as slowest was so twice
    if (verdict.ms > (report.slowest.at(-1)?.ms ?? 0) && verdict.ms < MAX_MS)
      verdict.ms = Math.min(verdict.ms, judge(decoder, frame, version).ms)
    return verdict
  })
  const collected = (await collections.uninvited()) > 0
  if (collected) report.repeated++
  for (const [i, index] of indexes.entries()) note(frames, index, collected ? await judgeAlone(frames, index) : verdicts[i]!)
  report.frames += indexes.length
}

async function run({ frames: count, seed, only, child, children }: Share): Promise<void> {
  const frames = new Frames(seed, only)
  for (let index = child; index < count; ) {
    const indexes: number[] = []
    for (; index < count && indexes.length < ROUND; index += children) indexes.push(index)
    await round(frames, indexes)
    if (report.frames % 1000 === 0) process.send!({ done: report.frames } satisfies Message)
  }
  report.peakBytes = peakMemory()
  process.send!({ report } satisfies Message, () => process.disconnect())
}

// whoever asked is gone
process.once('disconnect', () => process.exit())
process.once('message', (share: Share) => void run(share))
