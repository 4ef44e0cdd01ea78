/** What a lying broker does to one client that connects, as plain data. Knows no socket. */
import fc from 'fast-check'
import { anyText } from '../../support/any-text.ts'
import { type LoginPlan, secretOf } from './login.ts'
import { loginPlan } from './talks.ts'

export type Ending = 'fin' | 'rst' | 'stall'

/** What is wrong with the frame of an answer; numbers that are too large are counted in turns. */
export type FrameLie =
  | { readonly do: 'id'; readonly by: number }
  | { readonly do: 'size'; readonly size: number }
  | { readonly do: 'longer' | 'before' | 'behind' | 'instead'; readonly hex: string }
  | { readonly do: 'shorter'; readonly by: number }
  | { readonly do: 'flip'; readonly at: number; readonly bits: number }
  | { readonly do: 'twice' }
  /** Another answer behind it, to what will be asked next. */
  | { readonly do: 'early' }
  | { readonly do: 'split'; readonly size: number }
  | { readonly do: 'flood'; readonly size: number }
  | { readonly do: 'end'; readonly how: Ending }

export interface Versions {
  readonly errorCode: number
  readonly apis: readonly (readonly [key: number, min: number, max: number])[]
  readonly throttleTimeMs: number
}

export interface Reply {
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly lifetimeMs: number
}

export interface VisitPlan extends LoginPlan {
  /** The client's side. */
  readonly tls: boolean
  /** It is the port of the other kind. */
  readonly crossed: boolean
  /** Said before anything was asked. */
  readonly greeting: string
  readonly versions: Versions
  readonly handshake: { readonly errorCode: number; readonly offers: readonly string[] }
  /** To each SaslAuthenticate. */
  readonly replies: readonly Reply[]
  /** For the answers in order, ApiVersions first. */
  readonly frames: readonly (FrameLie | undefined)[]
  /** When the client logs in again on the same connection; left out: as before. */
  readonly again?: Pick<VisitPlan, 'knows' | 'lies' | 'handshake'>
  /** After so many bytes of answers. */
  readonly end: { readonly at: number; readonly how: Ending } | undefined
}

export const HONEST_VERSIONS: Versions = {
  errorCode: 0,
  apis: [
    [3, 0, 13],
    [17, 0, 1],
    [18, 0, 4],
    [36, 0, 2],
  ],
  throttleTimeMs: 0,
}
export const HONEST_REPLY: Reply = { errorCode: 0, errorMessage: null, lifetimeMs: 0 }

/** Nothing is wrong with it. */
export function honestVisit(login: Pick<LoginPlan, 'mechanism'>): VisitPlan {
  return {
    ...login,
    ...{ knows: true, lies: [], tls: false, crossed: false, greeting: '', versions: HONEST_VERSIONS, frames: [], end: undefined },
    handshake: { errorCode: 0, offers: [login.mechanism] },
    replies: [HONEST_REPLY, HONEST_REPLY],
  }
}

/** Records of TLS (an alert, a greeting of a server), HTTP, SSH, nothing, and lengths that lie. */
const STRANGE = [
  ...['15030300020228', '1503030002022f', '15030300020100', '160303003a020000360303', '16030100', '485454502f312e3120343030'],
  ...['5353482d322e30', '00000000', '00000003', 'ffffffff', '7fffffff', '80000000', '00100001', '00', '0000000400000001'],
]
const strangeHex = fc.oneof(
  fc.constantFrom(...STRANGE),
  fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('hex')),
)
const ending = fc.constantFrom('fin' as const, 'fin' as const, 'rst' as const, 'rst' as const, 'stall' as const)

const frameLie: fc.Arbitrary<FrameLie> = fc.oneof(
  fc.record({ do: fc.constant('id' as const), by: fc.constantFrom(1, -1, 2, 256, 2 ** 31 - 1) }),
  fc.record({
    do: fc.constant('size' as const),
    size: fc.constantFrom(-1, 0, 3, 4, 5, 1 << 20, (1 << 20) + 1, 2 ** 31 - 1, 0x15030300),
  }),
  fc.record({
    do: fc.constantFrom('longer' as const, 'before' as const, 'behind' as const, 'instead' as const),
    hex: strangeHex,
  }),
  fc.record({ do: fc.constant('shorter' as const), by: fc.integer({ min: 1, max: 120 }) }),
  fc.record({ do: fc.constant('flip' as const), at: fc.nat({ max: 300 }), bits: fc.integer({ min: 1, max: 255 }) }),
  fc.constant({ do: 'twice' as const }),
  fc.constant({ do: 'early' as const }),
  fc.record({ do: fc.constant('split' as const), size: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ do: fc.constant('flood' as const), size: fc.constantFrom(4, 100, 70_000) }),
  fc.record({ do: fc.constant('end' as const), how: ending }),
)

const errorCode = fc.oneof(fc.constantFrom(34, 33, 58, 35, -1, 41, 87, 7), fc.integer({ min: -32_768, max: 32_767 }))
const noError = fc.constant(0)
const mostly = <T, U>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ weight: 7, arbitrary: usual }, { weight: 1, arbitrary: other })

const api = fc.tuple(
  fc.oneof(fc.constantFrom(3, 17, 18, 36), fc.integer({ min: -32_768, max: 32_767 })),
  fc.constantFrom(-1, 0, 1, 2, 5, 32_767),
  fc.constantFrom(-32_768, -1, 0, 1, 2, 3, 32_767),
)
const versions: fc.Arbitrary<Versions> = mostly(
  fc.constant(HONEST_VERSIONS),
  fc.record({
    errorCode: fc.oneof(noError, errorCode),
    apis: fc.oneof(fc.constant([]), fc.constant(HONEST_VERSIONS.apis), fc.array(api, { maxLength: 12 })),
    throttleTimeMs: fc.constantFrom(0, 0, 0, -5, 30),
  }),
)

/** What a broker may say of a client's secret, cut and wrapped in every way. */
function echoes(secret: string): fc.Arbitrary<string> {
  const wrapped = fc.constantFrom(
    secret,
    Buffer.from(secret).toString('base64'),
    Buffer.from(`\0alice\0${secret}`).toString('base64'),
    Buffer.from(secret).toString('hex'),
  )
  return fc
    .tuple(fc.nat({ max: 700 }), wrapped, fc.constantFrom('', ' \x1b[2J\r\n', 'x'.repeat(40)))
    .map(([length, text, rest]) => {
      return `${'-'.repeat(length)}${text}${rest}`
    })
}

const reply = (secret: string): fc.Arbitrary<Reply> =>
  fc.record({
    errorCode: mostly(noError, errorCode),
    errorMessage: fc.oneof(fc.constant(null), anyText(30), echoes(secret), fc.constant('x'.repeat(30_000))),
    lifetimeMs: mostly(noError, fc.constantFrom(1, -1, 2, 999, 60_000, 2 ** 31, 2 ** 53, 2 ** 63 - 1024, -(2 ** 63))),
  })

export const visitPlan: fc.Arbitrary<VisitPlan> = loginPlan.chain((login) => {
  const secret = secretOf(login.mechanism)
  return fc.record<VisitPlan>({
    mechanism: fc.constant(login.mechanism),
    knows: fc.constant(login.knows),
    lies: mostly(fc.constant([[], []]), fc.constant(login.lies)).chain((lies) => fc.constantFrom(lies, login.lies)),
    tls: fc.integer({ min: 0, max: 15 }).map((one) => one === 0),
    crossed: fc.integer({ min: 0, max: 31 }).map((one) => one === 0),
    greeting: mostly(fc.constant(''), fc.oneof({ weight: 4, arbitrary: fc.constant('') }, { weight: 1, arbitrary: strangeHex })),
    versions,
    handshake: fc.record({
      errorCode: mostly(noError, errorCode),
      offers: fc.oneof(
        fc.constant([login.mechanism]),
        fc.constant([]),
        fc.array(fc.oneof(echoes(secret), anyText(20)), { maxLength: 20 }),
        fc.constant(Array<string>(5_000).fill('MECHANISM')),
      ),
    }),
    replies: fc.array(reply(secret), { minLength: 2, maxLength: 2 }),
    frames: mostly(
      fc.constant([]),
      fc.array(fc.option(frameLie, { nil: undefined, freq: 2 }), { minLength: 1, maxLength: 4 }),
    ).chain((frames) => (frames.length > 0 ? fc.constant(frames) : fc.oneof(fc.constant([]), oneFrame))),
    end: mostly(fc.constant(undefined), fc.record({ at: fc.nat({ max: 400 }), how: ending })),
  })
})

/** A single lie, anywhere. */
const oneFrame = fc.tuple(fc.nat({ max: 3 }), frameLie).map(([at, lie]) => [...Array<undefined>(at).fill(undefined), lie])
