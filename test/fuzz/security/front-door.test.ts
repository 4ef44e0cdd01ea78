/** Clients as users have them, with an I/O thread of their own, that come back again and again to a broker that has a new lie each time. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Kafka, KafkaError, type KafkaOptions } from '../../../src/main/index.ts'
import { PatientClock } from '../../support/patient-clock.ts'
import { formsOf, shown } from '../../support/shown.ts'
import { Liar, USER_DATA } from './liar.ts'
import { BOUNDS, type Mechanism, PASSWORD, secretOf, TOKEN, USER } from './login.ts'
import { honestVisit, type VisitPlan, visitPlan } from './visit-plan.ts'

const SEED = 20261128
const VISITS = 48

let liar: Liar
beforeAll(async () => {
  liar = await new Liar().listen()
})
afterAll(() => liar.close())

const credentials = { username: USER, password: PASSWORD, ...BOUNDS }
const SASL: Partial<Record<Mechanism, KafkaOptions['sasl']>> = {
  'SCRAM-SHA-256': { mechanism: 'SCRAM-SHA-256', ...credentials },
  PLAIN: { mechanism: 'PLAIN', ...credentials, allowUnencrypted: true },
  OAUTHBEARER: { mechanism: 'OAUTHBEARER', token: () => ({ value: TOKEN }), allowUnencrypted: true },
}

function attempts(kafka: Kafka): (() => Promise<unknown>)[] {
  const signal = () => AbortSignal.timeout(100)
  return [
    () => kafka.connect({ signal: signal() }),
    () => kafka.producer().produce({ topic: USER_DATA, value: USER_DATA }, { signal: signal() }),
    () => kafka.admin.createTopics([{ topic: USER_DATA }], { timeoutMs: 100 }),
    () => kafka.fetch([{ topic: USER_DATA, partition: 0, offset: 0 }], { timeoutMs: 100 }),
  ]
}

it.each([
  ['SCRAM-SHA-256', 1],
  ['PLAIN', 1],
  ['OAUTHBEARER', 0],
] as const)(
  `F41, IX1, IX4, IX7: ${VISITS} lies to one client with %s and ioThreads %i: typed errors, no thread is lost, no secret shown`,
  async (mechanism, ioThreads) => {
    const honest = honestVisit({ mechanism })
    const plans = fc.sample(visitPlan, { seed: SEED, numRuns: VISITS })
    let came = 0
    liar.expect((): VisitPlan => {
      const plan = plans[came++]
      if (!plan) return honest
      // by chance a flipped bit says that the client is to be quiet for a minute, which it is
      const frames = plan.frames.map((lie) => (lie?.do === 'flip' ? undefined : lie))
      return { ...plan, mechanism, frames, tls: false, crossed: false }
    })
    const kafka = new Kafka({
      brokers: [`127.0.0.1:${liar.port(false)}`],
      ioThreads,
      sasl: SASL[mechanism]!,
      ...{ connectTimeoutMs: 200, requestTimeoutMs: 200, reconnectBackoffMs: 1, reconnectBackoffMaxMs: 2 },
      ...{ retryBackoffMs: 1, retryBackoffMaxMs: 2, unknownTopicTimeoutMs: 200 },
    })
    const seen: string[] = []
    const { emit } = kafka
    let threadsLost = 0
    kafka.emit = (...event: Parameters<Kafka['emit']>) => {
      seen.push(shown(event))
      if ((event[0] as string) === 'ioThread') threadsLost++
      return emit.apply(kafka, event)
    }
    const clock = new PatientClock()
    const comeAgain = setInterval(() => liar.endLetIn(), 20)
    const all = attempts(kafka)
    const errors: unknown[] = []
    const attempt = (turn: number) => all[turn % all.length]!().catch((error: unknown) => errors.push(error))
    for (let turn = 0; came < VISITS; turn++) {
      await clock.within(5_000, `attempt ${turn}`, attempt(turn))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    clearInterval(comeAgain)
    clock.stop()
    // the lies are over
    await expect.poll(() => kafka.connect().then(() => 'in', String), { timeout: 10_000 }).toBe('in')
    await kafka.close({ timeoutMs: 1_000 })
    expect(liar.visits.flatMap(({ misdeeds }) => misdeeds)).toEqual([])
    expect(threadsLost).toBe(0)
    expect(errors.length).toBeGreaterThan(10)
    for (const error of errors) {
      expect(error).toBeInstanceOf(KafkaError)
      expect((error as KafkaError).code).not.toBe('INTERNAL')
    }
    const everything = [...seen, ...errors.map(shown)].join('\n')
    for (const form of formsOf(secretOf(mechanism))) expect(everything).not.toContain(form)
  },
  120_000,
)
