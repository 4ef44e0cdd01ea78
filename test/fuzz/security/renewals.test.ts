/** What brokers that have proven themselves once may do when a session is renewed on the connection. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TokenLie } from './token-lies.ts'
import { HONEST_REPLY, honestVisit, type Reply, type VisitPlan } from './visit-plan.ts'
import { Crowd, stay } from './visits.ts'

let crowd: Crowd
beforeAll(async () => {
  crowd = await Crowd.of(32)
})
afterAll(() => crowd.close())

const MECHANISM = 'SCRAM-SHA-256'
const ENDS: Reply = { ...HONEST_REPLY, lifetimeMs: 1 }
const REFUSES: Reply = { ...HONEST_REPLY, errorCode: 58, errorMessage: 'no' }
const renewed = (again: Partial<NonNullable<VisitPlan['again']>>, more: Partial<VisitPlan> = {}): VisitPlan => ({
  ...honestVisit({ mechanism: MECHANISM }),
  // an answer that ends the session, and one for the renewal
  replies: [HONEST_REPLY, ENDS, HONEST_REPLY, HONEST_REPLY],
  again: { knows: true, lies: [], handshake: { errorCode: 0, offers: [] }, ...again },
  ...more,
})
const first = (...lies: TokenLie[]) => renewed({ lies: [lies] })
const final = (...lies: TokenLie[]) => renewed({ lies: [[], lies] })
const say = (text: string): TokenLie => ({ do: 'say', text })
const set = (field: number, value: string): TokenLie => ({ do: 'set', field, value })

const lies: [string, VisitPlan][] = [
  ['does not know the password any more', renewed({ knows: false })],
  ['says nothing', first(say(''))],
  ['takes a nonce of somebody else', first(set(0, '{server}'))],
  ['only has our nonce', first(set(0, '{client}'))],
  ['asks for one round', first(set(2, '1'))],
  ['asks for 2,000,000,000 rounds', first(set(2, '2000000000'))],
  ['has no salt', first(set(1, ''))],
  ['has two counts', first({ do: 'repeat', field: 2, value: '64', at: 3 })],
  ['ends with a wrong signature', final(set(0, '{wrong}'))],
  ['ends with no signature', final(say(''))],
  ['ends with half a signature', final({ do: 'cut', at: 20 })],
  ['ends with an error', final(say('e=other-error'))],
  ['refuses the mechanism', renewed({ handshake: { errorCode: 33, offers: ['PLAIN'] } })],
  ['has no SASL any more', renewed({ handshake: { errorCode: 34, offers: [] } })],
  ['refuses the first token', renewed({}, { replies: [HONEST_REPLY, ENDS, REFUSES] })],
  ['refuses the last token', renewed({}, { replies: [HONEST_REPLY, ENDS, HONEST_REPLY, REFUSES] })],
  ['floods', final({ do: 'swell', by: 70_000, byte: 65 })],
]

it(`F38, F41, IX7: a broker that cheats when a session is renewed sees no other request, in ${lies.length} ways`, async () => {
  const verdicts = await crowd.visits(
    lies.map(([, plan]) => plan),
    0,
    stay,
    20_000,
  )
  expect(crowd.failures).toEqual([])
  expect(verdicts.map(({ ending }) => ending)).toEqual(lies.map(() => 'AUTHENTICATION_FAILED'))
  expect(verdicts.map(({ logins }) => logins)).toEqual(lies.map(() => 2))
})

it('F38, IX3: sessions that live for no time, for ever, or for less than nothing: they are renewed once a second, or not at all', async () => {
  const short = [1, 2, 999]
  const long = [0, -1, 2 ** 31, 2 ** 32 + 1, 2 ** 53 + 2, 2 ** 63 - 1024, -(2 ** 63)]
  const plans = [...short, ...long].map((lifetimeMs): VisitPlan => {
    return { ...honestVisit({ mechanism: MECHANISM }), replies: Array<Reply>(20).fill({ ...HONEST_REPLY, lifetimeMs }) }
  })
  const verdicts = await crowd.visits(plans, 0, stay, 20_000)
  expect(crowd.failures).toEqual([])
  expect(verdicts.map(({ ending }) => ending)).toEqual(plans.map(() => 'let in'))
  const logins = verdicts.map(({ logins }) => logins).sort()
  expect(logins.slice(0, long.length)).toEqual(long.map(() => 1))
  // a visit lasts a second and a half, and whatever its last request had to wait
  for (const count of logins.slice(long.length)) expect([2, 3, 4]).toContain(count)
})
