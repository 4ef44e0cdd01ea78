import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mechanisms } from './login.ts'
import { runVisits } from './run.ts'
import { honestVisit, type VisitPlan } from './visit-plan.ts'
import { Crowd } from './visits.ts'

const SEED = 20261127
const CASES = Number(process.env['ODRADEK_FUZZ_VISITS'] ?? 1_024)

let crowd: Crowd
beforeAll(async () => {
  crowd = await Crowd.of(16)
})
afterAll(() => crowd.close())

it(
  `F15, F16, F41, F42, IX7, N4: ${CASES} visits at brokers that lie: who has not proven himself hears of no request, and nothing is left`,
  async () => {
    const { failures, count, endings } = await runVisits(SEED, CASES)
    expect(failures).toEqual([])
    expect(count).toBe(CASES)
    // they end in all ways that there are, and the truth is believed
    const codes = [
      'let in',
      'AUTHENTICATION_FAILED',
      'PROTOCOL_ERROR',
      'CONNECTION_LOST',
      'TIMEOUT',
      'UNSUPPORTED',
      'BROKER_ERROR',
    ]
    for (const code of codes) expect(endings.get(code), code).toBeGreaterThan(CASES / 200)
  },
  60_000 + CASES * 20,
)

describe('F13, F41, IX7 a broker that ends after each byte of a login', () => {
  it.each(mechanisms)('%s: nobody is let in, and another attempt may be made', async (mechanism) => {
    const honest = honestVisit({ mechanism })
    const whole = await crowd.visits([honest])
    expect(whole).toMatchObject([{ ending: 'let in' }])
    const hows = ['fin', 'rst', 'stall'] as const
    const plans = Array.from({ length: whole[0]!.sent }, (_, at): VisitPlan => ({ ...honest, end: { at, how: hows[at % 3]! } }))
    const verdicts = await crowd.visits(plans)
    expect(crowd.failures).toEqual([])
    expect(verdicts).toHaveLength(plans.length)
    for (const { ending, retriable } of verdicts) {
      expect(ending).toMatch(/^(CONNECTION_LOST|TIMEOUT|AUTHENTICATION_FAILED)$/)
      expect(retriable).toBe(true)
    }
  })
})

describe('F16, F40 the wrong kind of port', () => {
  it('TLS where there is none, and none where there is TLS: an error within the timeout that names the port or the option', async () => {
    const honest = { ...honestVisit({ mechanism: 'SCRAM-SHA-256' }), crossed: true }
    const verdicts = await crowd.visits([
      { ...honest, tls: false },
      { ...honest, tls: true },
    ])
    expect(crowd.failures).toEqual([])
    for (const { ending } of verdicts) expect(ending).toMatch(/^(CONNECTION_FAILED|CONNECTION_LOST|PROTOCOL_ERROR|TLS_FAILED)$/)
  })

  it('alerts of every kind, fatal or not, then an end or silence: a typed error within the timeout', async () => {
    const honest = { ...honestVisit({ mechanism: 'PLAIN' }), crossed: true }
    const alerts = Array.from({ length: 256 }, (_, description) => [2, description]).concat(
      [0, 10, 41, 90, 100].map((one) => [1, one]),
    )
    const plans = alerts.map(([level, description], index): VisitPlan => {
      const greeting = Buffer.from([0x15, 3, index % 5, 0, 2, level!, description!]).toString('hex')
      const how = (['fin', 'rst', 'stall'] as const)[index % 3]!
      return { ...honest, tls: index % 4 !== 0, greeting, end: { at: greeting.length / 2, how } }
    })
    const verdicts = await crowd.visits(plans)
    expect(crowd.failures).toEqual([])
    expect(verdicts).toHaveLength(plans.length)
    for (const { ending } of verdicts) expect(ending).toMatch(/^(CONNECTION_FAILED|CONNECTION_LOST|PROTOCOL_ERROR|TLS_FAILED)$/)
  })
})
