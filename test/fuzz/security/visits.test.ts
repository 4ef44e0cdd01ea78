import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metadata } from '../../../src/shared/protocol/generated/metadata.ts'
import { Link } from '../../../src/workers/link.ts'
import { Cutter } from './cutter.ts'
import { Liar, USER_DATA } from './liar.ts'
import { mechanisms, PASSWORD } from './login.ts'
import { runVisits } from './run.ts'
import { type FrameLie, honestVisit, type VisitPlan } from './visit-plan.ts'
import { Crowd, env, ioOptions, judged, linkTo, visit } from './visits.ts'

const SEED = 20261127
const CASES = Number(process.env['ODRADEK_FUZZ_VISITS'] ?? 640)

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

describe('F15, F16, F41 an answer of a login', () => {
  const answers = ['ApiVersions', 'SaslHandshake', 'the first SaslAuthenticate', 'the last SaslAuthenticate']
  const lies: [what: string, lie: FrameLie, first: number][] = [
    ['with another correlation id', { do: 'id', by: 1 }, 0],
    ['with one byte too few', { do: 'shorter', by: 1 }, 0],
    // what follows the versions may be new
    ['with one byte too many', { do: 'longer', hex: '00' }, 1],
    ['of three bytes', { do: 'size', size: 3 }, 0],
    ['of less than nothing', { do: 'size', size: -1 }, 0],
    ['of more than one MiB', { do: 'size', size: (1 << 20) + 1 }, 0],
    ['behind an alert of TLS', { do: 'before', hex: '15030300020228' }, 0],
    ['in HTTP', { do: 'instead', hex: Buffer.from('HTTP/1.1 400 Bad Request').toString('hex') }, 0],
  ]
  it.each(lies)('%s ends the connection at once, whichever it is', async (_, lie, first) => {
    const plans = answers.slice(first).map((_, index): VisitPlan => {
      const frames = [...Array<undefined>(first + index).fill(undefined), lie]
      return { ...honestVisit({ mechanism: 'SCRAM-SHA-256' }), frames }
    })
    const verdicts = await crowd.visits(plans)
    expect(crowd.failures).toEqual([])
    expect(verdicts.map(({ ending }) => ending)).toEqual(plans.map(() => 'PROTOCOL_ERROR'))
  })
})

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

it('F13, F14, F40 a connection that ends or goes silent after each 32nd byte of TLS and the login in it', async () => {
  const plan = { ...honestVisit({ mechanism: 'PLAIN' }), tls: true }
  const liar = await new Liar().listen()
  const cutter = new Cutter(liar.port(true))
  const port = await cutter.listen()
  const hows = ['fin', 'rst', 'fin', 'rst', 'stall'] as const
  expect(await visit(liar, plan, linkTo(liar, plan, port))).toMatchObject({ ending: 'let in' })
  // tickets for the next connection come when they like
  for (let at = 0, end = cutter.passed - 700; at < end; at += 32) {
    Object.assign(cutter, { at, how: hows[(at / 32) % hows.length]! })
    const { ending, retriable } = await visit(liar, plan, linkTo(liar, plan, port))
    // nothing of it says that the two are not for each other
    expect(ending, `${at}`).toMatch(/^(CONNECTION_FAILED|CONNECTION_LOST|TIMEOUT|AUTHENTICATION_FAILED)$/)
    expect(retriable).toBe(true)
  }
  cutter.close()
  liar.close()
}, 120_000)

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

describe('the judge of visits tells of a client that', () => {
  let liar: Liar
  beforeAll(async () => {
    liar = await new Liar().listen()
  })
  afterAll(() => liar.close())
  const events = { onProgress() {}, onState() {}, onThrottle() {}, onAbsent() {} }
  const careless = (): Link => new Link(env, '127.0.0.1', liar.port(false), ioOptions, events)
  const ask = async (link: Link, topic: string): Promise<void> => {
    await link.whenReady()
    await new Promise<void>((resolve, reject) => {
      const onResponse = () => void resolve()
      link.request(metadata, { topics: [{ name: topic }] }, { timeoutMs: 1_000, onResponse, onFailure: reject })
    })
  }
  it.each<[string, string, RegExp]>([
    ['asks before the broker has proven itself', 'other', /Metadata before it had proven itself$/],
    ['tells it data of the user', USER_DATA, /data of the user/],
    ['tells it a secret', PASSWORD, /a secret in Metadata/],
  ])('%s', async (_, topic, text) => {
    const plan = honestVisit({ mechanism: 'SCRAM-SHA-256' })
    liar.expect(plan)
    await expect(judged(liar, plan, careless(), (link) => ask(link, topic))).rejects.toThrow(text)
  })

  it('comes again and again', async () => {
    const plan = { ...honestVisit({ mechanism: 'SCRAM-SHA-256' }), end: { at: 0, how: 'fin' } } as const
    liar.expect(plan)
    const twice = judged(liar, plan, careless(), async (link) => {
      await link.whenReady().catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, 20))
      await link.whenReady()
    })
    await expect(twice).rejects.toThrow('2 connections')
  })
})
