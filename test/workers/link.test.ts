import { expect, it } from 'vitest'
import { ABSENT_AGAIN_MS, Link } from '../../src/workers/link.ts'
import { SimEnv } from '../support/sim-env.ts'

/** A link to a port where nobody listens. */
function toNobody(reconnectBackoffMs: number) {
  const env = new SimEnv(1)
  const absences: number[] = []
  let failures = 0
  const options = {
    clientId: 'test',
    connectTimeoutMs: 1_000,
    requestTimeoutMs: 1_000,
    reconnectBackoffMs,
    reconnectBackoffMaxMs: reconnectBackoffMs,
    retryBackoffMs: 100,
    retryBackoffMaxMs: 1_000,
    maxInFlightRequests: 5,
    pipelineBytes: 0,
    maxRequestBytes: 1 << 20,
    maxResponseBytes: 1 << 20,
    maxInflatedBatchBytes: 1 << 20,
  }
  const link = new Link(env, 'broker', 9092, options, {
    onProgress() {},
    onState: () => void failures++,
    onAbsent: () => void absences.push(env.now()),
  })
  const later = (ms: number) => env.run(new Promise<void>((resolve) => env.setTimeout(resolve, ms)))
  return { link, later, absences, failures: () => failures }
}

it('F1: while a broker is left alone after failures and somebody waits for it, that is told every second: it may have a successor', async () => {
  const { link, later, absences, failures } = toNobody(20_000)
  link.want()
  await later(10)
  expect(failures()).toBe(1)
  link.want()
  await later(10_500)
  expect(failures()).toBe(1)
  expect(absences).toHaveLength(10)
  for (let i = 1; i < absences.length; i++) expect(absences[i]! - absences[i - 1]!).toBe(ABSENT_AGAIN_MS)
  await later(15_000)
  expect(failures()).toBe(2)
})

it('F1: a broker that nobody waits for is not spoken of', async () => {
  const { link, later, absences } = toNobody(20_000)
  link.want()
  await later(10_000)
  expect(absences).toEqual([])
})
