/**
 * Frames worth keeping, in `corpus/frames.jsonl`: the shortest one found for each way in which a decoder ends, and those that once
 * showed a mistake. They are replayed, and new frames are made from them.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decoders, outcomeKind } from './decoders.ts'

const FILE = join(import.meta.dirname, 'corpus/frames.jsonl')
/** Longer ones are not kept. */
export const MAX_KEPT_BYTES = 600

export interface Kept {
  decoder: string
  version: number
  hex: string
  /** How it ends, without the numbers in it. */
  outcome: string
}

export const corpus: readonly Kept[] = existsSync(FILE)
  ? readFileSync(FILE, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Kept)
  : []

const byName = new Map(decoders.map((decoder) => [decoder.name, decoder]))
for (const { decoder, version, hex } of corpus) byName.get(decoder)?.seeds.push({ bytes: Buffer.from(hex, 'hex'), version })

export function decoderOf(name: string) {
  const decoder = byName.get(name)
  if (!decoder) throw new Error(`the corpus has a frame for ${name}, which is not fuzzed`)
  return decoder
}

/** What counts as one way to end: protocol messages share their reader, so they share these too. */
export function endingOf(decoder: string, outcome: string): string {
  const { kind } = decoderOf(decoder)
  return `${kind === 'response' || kind === 'message' ? 'protocol' : decoder}: ${outcomeKind(outcome)}`
}

export const known: ReadonlySet<string> = new Set(corpus.map(({ decoder, outcome }) => endingOf(decoder, outcome)))

/** Adds frames, and writes all in a steady order, with the endings of today: read what changed before it is checked in. */
export function keep(added: readonly Kept[]): void {
  const lines = [...corpus, ...added].map(({ decoder, version, hex }) => {
    const outcome = outcomeKind(decoderOf(decoder).run(Buffer.from(hex, 'hex'), version))
    return JSON.stringify({ decoder, version, hex, outcome })
  })
  writeFileSync(FILE, `${[...new Set(lines)].sort().join('\n')}\n`)
}
