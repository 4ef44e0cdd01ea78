/**
 * Conversations of SASL with a server that lies, without anything between: the client's side is the real one. Owns what has to hold for
 * each of them; counts how far they came.
 */
import fc from 'fast-check'
import { KafkaError } from '../../../src/shared/errors.ts'
import type { ScramMechanism } from '../../../src/shared/security.ts'
import type { Conversation } from '../../../src/workers/sasl/conversation.ts'
import { oauthBearer } from '../../../src/workers/sasl/oauth-bearer.ts'
import { plain } from '../../../src/workers/sasl/plain.ts'
import { scram } from '../../../src/workers/sasl/scram.ts'
import { formsOf, shown } from '../../support/shown.ts'
import { BOUNDS, Login, type LoginPlan, type Mechanism, mechanisms, PASSWORD, secretOf, TOKEN, USER } from './login.ts'
import { tokenLie } from './token-lies.ts'

/** Half of the logins are honest as far as the first token: lies about the second one come to be heard. */
const lies = fc.oneof(
  { weight: 1, arbitrary: fc.constant([[], []]) },
  { weight: 3, arbitrary: fc.array(tokenLie, { minLength: 1, maxLength: 3 }).map((first) => [first, []]) },
  { weight: 3, arbitrary: fc.array(tokenLie, { minLength: 1, maxLength: 3 }).map((final) => [[], final]) },
  { weight: 1, arbitrary: fc.tuple(fc.array(tokenLie, { maxLength: 2 }), fc.array(tokenLie, { maxLength: 2 })) },
)

/** Most of them SCRAM: it has the most to lie about. */
export const mechanism: fc.Arbitrary<Mechanism> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(mechanisms[0], mechanisms[1]) },
  { weight: 2, arbitrary: fc.constantFrom(mechanisms[2], mechanisms[3]) },
)

export const loginPlan: fc.Arbitrary<LoginPlan> = fc.record({
  mechanism,
  knows: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  lies,
})

export function conversationOf(mechanism: Mechanism): Conversation {
  if (mechanism === 'PLAIN') return plain({ username: USER, password: PASSWORD })
  if (mechanism === 'OAUTHBEARER') return oauthBearer({ value: TOKEN, extensions: [], kept: false })
  return scram(mechanism satisfies ScramMechanism, { username: USER, password: PASSWORD }, BOUNDS)
}

export interface TalkVerdict {
  /** `let in`: rightly so. */
  ending: 'let in' | 'refused at once' | 'refused later'
  cpuMs: number
}

/** Has the talk; throws an Error that says what did not hold. */
export function talk(plan: LoginPlan): Promise<TalkVerdict> {
  return judgeTalk(plan, conversationOf(plan.mechanism))
}

export async function judgeTalk(plan: LoginPlan, conversation: Conversation): Promise<TalkVerdict> {
  const login = new Login(plan)
  const before = process.cpuUsage()
  const thrown = await conversation(async (bytes) => login.answer(bytes)).then(
    () => undefined,
    (error: unknown) => error ?? 'nothing',
  )
  const { user, system } = process.cpuUsage(before)
  const cpuMs = (user + system) / 1_000
  if (login.heard.length > 2) throw new Error('the client said more than the mechanism has')
  if (login.isScram && login.flawOfFirst !== undefined && login.heard.length > 1)
    throw new Error(`it went on although ${login.flawOfFirst}: ${login.told[0]}`)
  if (thrown === undefined) {
    if (login.flaw !== undefined) throw new Error(`it was content although ${login.flaw}: ${login.told.join(' | ')}`)
    return { ending: 'let in', cpuMs }
  }
  judgeError(thrown, plan.mechanism)
  const giveUp = login.told.length < (login.isScram ? 2 : 1) && login.flawOfFirst === undefined
  if (giveUp || login.flaw === undefined) throw new Error(`it was not content, for no reason: ${thrown}`)
  if (thrown.code !== 'AUTHENTICATION_FAILED') throw new Error(`another error: ${shown(thrown)}`)
  return { ending: login.heard.length > 1 ? 'refused later' : 'refused at once', cpuMs }
}

/** An error of the client that shows nothing of what it was told in confidence, and only what a line can show. */
export function judgeError(thrown: unknown, mechanism: Mechanism): asserts thrown is KafkaError {
  if (!(thrown instanceof KafkaError) || thrown.code === 'INTERNAL') throw new Error(`not an error of ours: ${shown(thrown)}`)
  if (/\p{Cc}/u.test(thrown.message)) throw new Error(`a message with control characters: ${JSON.stringify(thrown.message)}`)
  if (thrown.message.length > 2_000) throw new Error(`a message of ${thrown.message.length} characters`)
  const all = shown(thrown)
  for (const form of formsOf(secretOf(mechanism))) if (all.includes(form)) throw new Error(`a secret is shown: ${all}`)
}
