/** What a run came to, in numbers and words. */
import { KafkaError } from '../../src/main/index.ts'
import type { Sent } from './ledger.ts'
import type { Reader } from './reader.ts'
import type { Strike } from './trouble.ts'

export interface RunReport {
  sent: number
  acked: number
  notWritten: number
  possiblyWritten: number
  read: number
  simulatedMs: number
  strikes: Strike[]
  problems: string[]
}

export function reportOf(
  sent: readonly Sent[],
  readers: readonly Reader[],
  strikes: Strike[],
  problems: string[],
  simulatedMs: number,
): RunReport {
  const outcome = (wanted: string): number =>
    sent.filter(
      ({ result }) => result && 'error' in result && result.error instanceof KafkaError && result.error.outcome === wanted,
    ).length
  return {
    sent: sent.length,
    acked: sent.filter(({ result }) => result && 'metadata' in result).length,
    notWritten: outcome('not-written'),
    possiblyWritten: outcome('possibly-written'),
    read: readers.flatMap(({ followings }) => followings).reduce((sum, { delivered }) => sum + delivered.length, 0),
    simulatedMs: Math.round(simulatedMs),
    strikes,
    problems,
  }
}
