import { describe, expect, it } from 'vitest'
import { KafkaError } from '../../../src/main/index.ts'
import type { Conversation } from '../../../src/workers/sasl/conversation.ts'
import { PASSWORD, USER } from './login.ts'
import { runTalks } from './run.ts'
import { conversationOf, judgeError, judgeTalk } from './talks.ts'

const SEED = 20261126
const CASES = Number(process.env['ODRADEK_FUZZ_TALKS'] ?? 10_000)

it(
  `F41, IX7, N4: ${CASES} conversations with servers that lie: nobody is believed who has not proven himself, and none costs much`,
  async () => {
    const { endings } = await runTalks(SEED, CASES)
    // lies are heard at every point, and the truth is believed
    for (const ending of ['let in', 'refused at once', 'refused later'])
      expect(endings.get(ending), ending).toBeGreaterThan(CASES / 20)
  },
  60_000 + CASES * 5,
)

const SCRAM = 'SCRAM-SHA-256'
const honest = { mechanism: SCRAM, knows: true, lies: [] } as const

describe('the judge of conversations tells of a client that', () => {
  const wrong = { ...honest, lies: [[], [{ do: 'set', field: 0, value: '{wrong}' }]] } as const
  const strange = { ...honest, lies: [[{ do: 'set', field: 0, value: '{server}' }]] } as const
  /** Takes what it is told, whatever that is. */
  const gullible: Conversation = async (exchange) => {
    await exchange(Buffer.from(`n,,n=${USER},r=abc`))
    await exchange(Buffer.from('c=biws,r=abcsrvNonce+/9,p=AAAA'))
  }
  it.each<[string, typeof honest | typeof wrong | typeof strange, Conversation, RegExp]>([
    ['believes a wrong signature', wrong, gullible, /content although its signature/],
    ["goes on with somebody else's nonce", strange, gullible, /went on although its nonce/],
    [
      'says more than there is to say',
      honest,
      async (exchange) => {
        await gullible(exchange)
        await exchange(Buffer.of(1))
      },
      /more/,
    ],
    ['believes nobody', honest, () => Promise.reject(new KafkaError('AUTHENTICATION_FAILED', 'no')), /for no reason/],
    ['fails as it should not', wrong, () => Promise.reject(new TypeError('oops')), /not an error of ours/],
    ['shows a secret', wrong, () => Promise.reject(new KafkaError('AUTHENTICATION_FAILED', PASSWORD)), /a secret is shown/],
  ])('%s', async (_, plan, conversation, text) => {
    await expect(judgeTalk(plan, conversation)).rejects.toThrow(text)
  })

  it('does what it should, of nothing', async () => {
    expect(await judgeTalk(honest, conversationOf(SCRAM))).toMatchObject({ ending: 'let in' })
    expect(await judgeTalk(wrong, conversationOf(SCRAM))).toMatchObject({ ending: 'refused later' })
  })

  it.each(['cause', 'context'] as const)('shows a secret as %s', (name) => {
    const error = new KafkaError(
      'AUTHENTICATION_FAILED',
      'no',
      name === 'cause' ? { cause: new Error(PASSWORD) } : { topic: PASSWORD },
    )
    expect(() => judgeError(error, SCRAM)).toThrow(/a secret is shown/)
  })
})
