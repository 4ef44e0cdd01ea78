// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface ListTransactionsRequest {
  stateFilters: string[]
  producerIdFilters: number[]
  durationFilter: number
  transactionalIdPattern: string | null
}

function readListTransactionsRequest(r: Reader, v: number): ListTransactionsRequest {
  const stateFilters: string[] = []
  for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) stateFilters.push(r.compactString())
  const producerIdFilters: number[] = []
  for (let n = r.notNull(r.compactArrayLength(8)); n > 0; n--) producerIdFilters.push(r.int64())
  const durationFilter = v >= 1 ? r.int64() : -1
  const transactionalIdPattern: string | null = v >= 2 ? r.compactNullableString() : null
  r.skipTags()
  return { stateFilters, producerIdFilters, durationFilter, transactionalIdPattern }
}

function writeListTransactionsRequest(w: Writer, v: number, m: Draft<ListTransactionsRequest>): void {
  const { stateFilters = [] } = m
  w.compactArrayLength(stateFilters.length)
  for (const item of stateFilters) w.compactString(item)
  const { producerIdFilters = [] } = m
  w.compactArrayLength(producerIdFilters.length)
  for (const item of producerIdFilters) w.int64(item)
  if (v >= 1) {
    const { durationFilter = -1 } = m
    w.int64(durationFilter)
  } else if (m.durationFilter !== undefined && m.durationFilter !== -1) throw new UnsupportedField('ListTransactionsRequest', 'durationFilter', v, 1, 32767)
  if (v >= 2) {
    const { transactionalIdPattern = null } = m
    w.compactNullableString(transactionalIdPattern)
  } else if (m.transactionalIdPattern !== undefined && m.transactionalIdPattern !== null) throw new UnsupportedField('ListTransactionsRequest', 'transactionalIdPattern', v, 2, 32767)
  w.unsignedVarint(0)
}

export interface TransactionState {
  transactionalId: string
  producerId: number
  transactionState: string
}

function readTransactionState(r: Reader, _v: number): TransactionState {
  const transactionalId = r.compactString()
  const producerId = r.int64()
  const transactionState = r.compactString()
  r.skipTags()
  return { transactionalId, producerId, transactionState }
}

function writeTransactionState(w: Writer, _v: number, m: Draft<TransactionState>): void {
  const { transactionalId = '' } = m
  w.compactString(transactionalId)
  const { producerId = 0 } = m
  w.int64(producerId)
  const { transactionState = '' } = m
  w.compactString(transactionState)
  w.unsignedVarint(0)
}

export interface ListTransactionsResponse {
  throttleTimeMs: number
  errorCode: number
  unknownStateFilters: string[]
  transactionStates: TransactionState[]
}

function readListTransactionsResponse(r: Reader, v: number): ListTransactionsResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const unknownStateFilters: string[] = []
  for (let n = r.notNull(r.compactArrayLength(1)); n > 0; n--) unknownStateFilters.push(r.compactString())
  const transactionStates: TransactionState[] = []
  for (let n = r.notNull(r.compactArrayLength(11)); n > 0; n--) transactionStates.push(readTransactionState(r, v))
  r.skipTags()
  return { throttleTimeMs, errorCode, unknownStateFilters, transactionStates }
}

function writeListTransactionsResponse(w: Writer, v: number, m: Draft<ListTransactionsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { unknownStateFilters = [] } = m
  w.compactArrayLength(unknownStateFilters.length)
  for (const item of unknownStateFilters) w.compactString(item)
  const { transactionStates = [] } = m
  w.compactArrayLength(transactionStates.length)
  for (const item of transactionStates) writeTransactionState(w, v, item)
  w.unsignedVarint(0)
}

export const listTransactions: Api<ListTransactionsRequest, ListTransactionsResponse> = {
  key: 66,
  name: 'ListTransactions',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 0,
  encodeRequest: writeListTransactionsRequest,
  decodeRequest: readListTransactionsRequest,
  encodeResponse: writeListTransactionsResponse,
  decodeResponse: readListTransactionsResponse,
}
