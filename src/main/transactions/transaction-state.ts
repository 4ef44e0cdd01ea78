/**
 * The life of one transactional id as a pure function: what an answer, a failure or the end of a transaction's function means, and
 * what has to be done next. Knows no clock, no socket and no record.
 *
 * IT2: whatever leaves a doubt about how a transaction ended, or about what may still be on its way under its epoch, leads to `lost`;
 * from there only InitProducerId leads on, which ends what was open and gives another epoch. IT3: `fenced` is the end.
 */
import type { Meaning } from './transaction-errors.ts'

/** Who writes. */
export interface Identity {
  readonly producerId: number
  readonly producerEpoch: number
}

export type TransactionState =
  /** Nothing is known of the id. */
  | { readonly is: 'new' }
  /** The coordinator is asked for an identity; `proof` is the one we had, so that it can tell us from who took the id over (KIP-360). */
  | { readonly is: 'starting'; readonly proof: Identity | undefined; readonly mayBeOpen: boolean }
  | { readonly is: 'ready'; readonly identity: Identity; readonly byBrokers: boolean }
  /** A function runs. `wrote`: something was handed in, `failed`: something of it failed, so that it can only be aborted. */
  | {
      readonly is: 'open'
      readonly identity: Identity
      readonly byBrokers: boolean
      readonly wrote: boolean
      readonly failed: boolean
    }
  | { readonly is: 'committing'; readonly identity: Identity; readonly byBrokers: boolean }
  /** `inDoubt`: of what was given up something may still reach a broker. */
  | { readonly is: 'aborting'; readonly identity: Identity; readonly byBrokers: boolean; readonly inDoubt: boolean }
  /**
   * `mayBeOpen`: a transaction of the proof's may still be open, and has to be aborted first: a coordinator that does so on the way to
   * another identity no longer believes the proof.
   */
  | { readonly is: 'lost'; readonly proof: Identity | undefined; readonly mayBeOpen: boolean }
  | { readonly is: 'fenced' }

export type TransactionEvent =
  /** It is wanted. */
  | { readonly type: 'wanted' }
  | { readonly type: 'started'; readonly identity: Identity; readonly byBrokers: boolean }
  | { readonly type: 'not-started'; readonly meaning: Meaning }
  | { readonly type: 'begin' }
  | { readonly type: 'wrote' }
  | { readonly type: 'failed' }
  /** The function returned, and all that it handed in is acknowledged. */
  | { readonly type: 'commit' }
  /** `dropped`: something was given up that a broker may have. */
  | { readonly type: 'abort'; readonly dropped: boolean }
  /** The coordinator ended it; with `transaction.version` 2 it names the next epoch. */
  | { readonly type: 'ended'; readonly identity: Identity | undefined }
  | { readonly type: 'end-refused' }
  /** No answer can be had. */
  | { readonly type: 'end-unknown' }

/** What to do follows from the state: InitProducerId in `starting`, EndTxn in `committing` and `aborting`. */
export function step(state: TransactionState, event: TransactionEvent): TransactionState {
  switch (state.is) {
    case 'new':
    case 'lost':
      if (event.type !== 'wanted') break
      if (state.is === 'new') return { is: 'starting', proof: undefined, mayBeOpen: false }
      return { ...state, is: 'starting' }
    case 'starting':
      if (event.type === 'started') return { is: 'ready', identity: event.identity, byBrokers: event.byBrokers }
      if (event.type !== 'not-started') break
      // with a proof this is the coordinator's word that somebody else came after us
      return event.meaning === 'epoch' && state.proof ? { is: 'fenced' } : { ...state, is: 'lost' }
    case 'ready':
      if (event.type !== 'begin') break
      return { ...state, is: 'open', wrote: false, failed: false }
    case 'open':
      return stepOpen(state, event)
    case 'committing':
    case 'aborting':
      return stepEnding(state, event)
    case 'fenced':
      break
  }
  return state
}

function stepOpen(state: Extract<TransactionState, { is: 'open' }>, event: TransactionEvent): TransactionState {
  const { identity, byBrokers, wrote, failed } = state
  switch (event.type) {
    case 'wrote':
      return wrote ? state : { ...state, wrote: true }
    case 'failed':
      return { ...state, wrote: true, failed: true }
    case 'commit':
      if (failed) return { is: 'aborting', identity, byBrokers, inDoubt: true }
      // otherwise the coordinator knows nothing of it
      return wrote ? { is: 'committing', identity, byBrokers } : { is: 'ready', identity, byBrokers }
    case 'abort':
      if (!wrote) return { is: 'ready', identity, byBrokers }
      return { is: 'aborting', identity, byBrokers, inDoubt: failed || event.dropped }
    default:
      return state
  }
}

function stepEnding(
  state: Extract<TransactionState, { is: 'committing' | 'aborting' }>,
  event: TransactionEvent,
): TransactionState {
  const { identity, byBrokers } = state
  switch (event.type) {
    case 'ended':
      // under the same epoch a record of this transaction that comes late would be part of the next one
      if (!event.identity && state.is === 'aborting' && state.inDoubt) return { is: 'lost', proof: identity, mayBeOpen: false }
      return { is: 'ready', identity: event.identity ?? identity, byBrokers }
    case 'end-refused':
    case 'end-unknown':
      return { is: 'lost', proof: identity, mayBeOpen: true }
    default:
      return state
  }
}
