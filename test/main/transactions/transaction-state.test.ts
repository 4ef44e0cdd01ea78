/** IT2, IT3: the life of a transactional id, step by step. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { meaningOf } from '../../../src/main/transactions/transaction-errors.ts'
import { step, type TransactionEvent, type TransactionState } from '../../../src/main/transactions/transaction-state.ts'
import { ErrorCode } from '../../../src/shared/protocol/errors.ts'

const identity = { producerId: 7, producerEpoch: 3 }
const next = { producerId: 7, producerEpoch: 4 }

function run(...events: TransactionEvent[]): TransactionState {
  return events.reduce<TransactionState>(step, { is: 'new' })
}

const begun = (byBrokers: boolean): TransactionEvent[] => [
  { type: 'wanted' },
  { type: 'started', identity, byBrokers },
  { type: 'begin' },
]

describe('a transactional id', () => {
  it('is started without a proof first, and with one ever after (KIP-360)', () => {
    expect(run({ type: 'wanted' })).toEqual({ is: 'starting', proof: undefined, mayBeOpen: false })
    const lost = run(...begun(true), { type: 'wrote' }, { type: 'commit' }, { type: 'end-unknown' })
    expect(lost).toEqual({ is: 'lost', proof: identity, mayBeOpen: true })
    expect(step(lost, { type: 'wanted' })).toEqual({ is: 'starting', proof: identity, mayBeOpen: true })
    // one that could not be started keeps it
    const again = [
      { type: 'wanted' },
      { type: 'not-started', meaning: 'fatal' },
      { type: 'wanted' },
    ] as const satisfies TransactionEvent[]
    expect(again.reduce<TransactionState>(step, lost)).toEqual({ is: 'starting', proof: identity, mayBeOpen: true })
  })

  it('commits what was written, and tells nobody of what was not', () => {
    expect(run(...begun(true), { type: 'commit' })).toEqual({ is: 'ready', identity, byBrokers: true })
    expect(run(...begun(true), { type: 'abort', dropped: false })).toEqual({ is: 'ready', identity, byBrokers: true })
    expect(run(...begun(true), { type: 'wrote' }, { type: 'commit' })).toMatchObject({ is: 'committing', identity })
  })

  it('goes on under the epoch that the coordinator names, or under its own', () => {
    const ended = (byBrokers: boolean, given: typeof next | undefined) =>
      run(...begun(byBrokers), { type: 'wrote' }, { type: 'commit' }, { type: 'ended', identity: given })
    expect(ended(true, next)).toEqual({ is: 'ready', identity: next, byBrokers: true })
    expect(ended(false, undefined)).toEqual({ is: 'ready', identity, byBrokers: false })
  })

  it('IT1: never commits what failed', () => {
    expect(run(...begun(true), { type: 'wrote' }, { type: 'failed' }, { type: 'commit' }).is).toBe('aborting')
  })

  it('IT2: needs another epoch when a record of an aborted transaction may come late and the coordinator named none', () => {
    const aborted = (dropped: boolean, given: typeof next | undefined) =>
      run(...begun(given !== undefined), { type: 'wrote' }, { type: 'abort', dropped }, { type: 'ended', identity: given })
    expect(aborted(true, undefined)).toEqual({ is: 'lost', proof: identity, mayBeOpen: false })
    expect(aborted(true, next)).toMatchObject({ is: 'ready', identity: next })
    expect(aborted(false, undefined)).toMatchObject({ is: 'ready', identity })
  })

  it('IT3: is fenced for good when the coordinator does not believe the proof, and only then', () => {
    const lost: TransactionState = { is: 'lost', proof: identity, mayBeOpen: false }
    const refused: TransactionEvent = { type: 'not-started', meaning: 'epoch' }
    expect([{ type: 'wanted' } as const, refused].reduce<TransactionState>(step, lost)).toEqual({ is: 'fenced' })
    expect(run({ type: 'wanted' }, refused)).toMatchObject({ is: 'lost', proof: undefined })
  })

  const events: fc.Arbitrary<TransactionEvent> = fc.oneof(
    ...(
      [
        { type: 'wanted' },
        { type: 'started', identity, byBrokers: true },
        { type: 'started', identity, byBrokers: false },
        { type: 'not-started', meaning: 'epoch' },
        { type: 'not-started', meaning: 'again' },
        { type: 'begin' },
        { type: 'wrote' },
        { type: 'failed' },
        { type: 'commit' },
        { type: 'abort', dropped: true },
        { type: 'abort', dropped: false },
        { type: 'ended', identity: next },
        { type: 'ended', identity: undefined },
        { type: 'end-refused' },
        { type: 'end-unknown' },
      ] satisfies TransactionEvent[]
    ).map((event) => fc.constant(event)),
  )

  test.prop([fc.array(events, { maxLength: 60 })])(
    'IT2, IT3: whatever happens, doubt is followed by a new start, and fenced by nothing',
    (all) => {
      let state: TransactionState = { is: 'new' }
      for (const event of all) {
        const before = state
        state = step(state, event)
        if (before.is === 'fenced') expect(state).toBe(before)
        if (before.is === 'lost') expect(['lost', 'starting']).toContain(state.is)
        if (before.is !== 'ready' && before.is !== 'open') expect(state.is).not.toBe('open')
        if (state.is === 'committing' && before.is !== 'committing')
          expect(before).toMatchObject({ is: 'open', wrote: true, failed: false })
      }
    },
  )
})

describe('what the errors of brokers mean for a transaction', () => {
  it('is in one table, and an unknown code is final', () => {
    expect(meaningOf(ErrorCode.PRODUCER_FENCED)).toBe('epoch')
    expect(meaningOf(ErrorCode.INVALID_PRODUCER_EPOCH)).toBe('epoch')
    expect(meaningOf(ErrorCode.CONCURRENT_TRANSACTIONS)).toBe('again')
    expect(meaningOf(ErrorCode.NOT_COORDINATOR)).toBe('moved')
    expect(meaningOf(ErrorCode.TRANSACTION_ABORTABLE)).toBe('abortable')
    expect(meaningOf(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED)).toBe('fatal')
    expect(meaningOf(ErrorCode.REQUEST_TIMED_OUT)).toBe('again')
    expect(meaningOf(31_000)).toBe('fatal')
  })
})
