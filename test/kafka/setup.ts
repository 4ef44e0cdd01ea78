/**
 * The real clusters that a test run shares, as a vitest globalSetup. Owns which are wanted (`ODRADEK_REAL`) and what happens when there is no
 * Kafka; how one is started is `index.ts`.
 *
 * `ODRADEK_REAL`: `1`, `3` or `1,3` for the cluster of one node, of three, or both; `0` for none; not set: both, when this machine has a way.
 * With `CI=true` a Kafka that is wanted and not to be had ends the run.
 */
import type { TestProject } from 'vitest/node'
import { explainMissing, findKafka, KafkaUnavailable, type RealKafka, startKafka } from './index.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Bootstrap addresses of the real cluster of one node; null when there is none. */
    realKafka1: string[] | null
    /** The same of the real cluster of three nodes. */
    realKafka3: string[] | null
    /** Why one or both are null; empty when neither is. */
    realKafkaMissing: string
  }
}

type Size = 1 | 3

function wanted(): Set<Size> {
  const value = process.env['ODRADEK_REAL'] ?? ''
  if (value === '0') return new Set()
  const sizes = value === '' ? ['1', '3'] : value.split(',').map((size) => size.trim())
  return new Set(
    sizes.map((size) => {
      if (size !== '1' && size !== '3') throw new TypeError(`ODRADEK_REAL must be 0, 1, 3 or 1,3, not '${value}'`)
      return Number(size) as Size
    }),
  )
}

async function start(nodes: Size): Promise<RealKafka | KafkaUnavailable> {
  try {
    return await startKafka({ nodes, onProgress: (what) => process.stderr.write(`real Kafka: ${what}\n`) })
  } catch (error) {
    // It was there and failed to start: that is a failure, wherever it happens.
    if (!(error instanceof KafkaUnavailable)) throw error
    return error
  }
}

async function startAll(sizes: Set<Size>): Promise<{ clusters: Map<Size, RealKafka>; missing: string }> {
  const { via, missing } = await findKafka()
  if (via === undefined) return { clusters: new Map(), missing: explainMissing(missing) }
  const results = await Promise.allSettled([...sizes].map(async (size) => [size, await start(size)] as const))
  const clusters = new Map<Size, RealKafka>()
  const reasons: string[] = []
  for (const result of results) {
    if (result.status !== 'fulfilled') continue
    const [size, outcome] = result.value
    if (outcome instanceof KafkaUnavailable) reasons.push(`${size}: ${outcome.message}`)
    else clusters.set(size, outcome)
  }
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) {
    await Promise.all([...clusters.values()].map((cluster) => cluster.stop()))
    throw failure.reason
  }
  return { clusters, missing: reasons.join('; ') }
}

function complain(missing: string): void {
  if (process.env['CI'] === 'true') throw new KafkaUnavailable(`tests against a real Kafka cannot run: ${missing}`)
  const line = '!'.repeat(100)
  process.stderr.write(`${line}\nTESTS AGAINST A REAL KAFKA ARE SKIPPED: ${missing}\n${line}\n`)
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const sizes = wanted()
  const { clusters, missing } = sizes.size === 0 ? { clusters: new Map<Size, RealKafka>(), missing: '' } : await startAll(sizes)
  const stop = async () => {
    await Promise.all([...clusters.values()].map((cluster) => cluster.stop()))
  }
  const notAsked = clusters.size < 2 && missing === '' ? `ODRADEK_REAL=${process.env['ODRADEK_REAL']} does not ask for it` : ''
  try {
    if (missing !== '') complain(missing)
  } catch (error) {
    await stop()
    throw error
  }
  project.provide('realKafka1', clusters.get(1)?.brokers ?? null)
  project.provide('realKafka3', clusters.get(3)?.brokers ?? null)
  project.provide('realKafkaMissing', missing || notAsked)
  return stop
}
