// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface InitProducerIdRequest {
  transactionalId: string | null
  transactionTimeoutMs: number
  producerId: number
  producerEpoch: number
  enable2Pc: boolean
  keepPreparedTxn: boolean
}

function readInitProducerIdRequest(r: Reader, v: number): InitProducerIdRequest {
  const transactionalId: string | null = v >= 2 ? r.compactNullableString() : r.nullableString()
  const transactionTimeoutMs = r.int32()
  const producerId: number = v >= 3 ? r.int64() : -1
  const producerEpoch: number = v >= 3 ? r.int16() : -1
  const enable2Pc: boolean = false
  const keepPreparedTxn: boolean = false
  if (v >= 2) r.skipTags()
  return { transactionalId, transactionTimeoutMs, producerId, producerEpoch, enable2Pc, keepPreparedTxn }
}

function writeInitProducerIdRequest(w: Writer, v: number, m: Draft<InitProducerIdRequest>): void {
  const transactionalId = m.transactionalId === undefined ? '' : m.transactionalId
  if (v >= 2) { w.compactNullableString(transactionalId) } else { w.nullableString(transactionalId) }
  const transactionTimeoutMs = m.transactionTimeoutMs === undefined ? 0 : m.transactionTimeoutMs
  w.int32(transactionTimeoutMs)
  if (v >= 3) {
    const producerId = m.producerId === undefined ? -1 : m.producerId
    w.int64(producerId)
  }
  if ((v < 3) && m.producerId !== undefined && m.producerId !== -1) throw new UnsupportedField('InitProducerIdRequest', 'producerId', v, 3)
  if (v >= 3) {
    const producerEpoch = m.producerEpoch === undefined ? -1 : m.producerEpoch
    w.int16(producerEpoch)
  }
  if ((v < 3) && m.producerEpoch !== undefined && m.producerEpoch !== -1) throw new UnsupportedField('InitProducerIdRequest', 'producerEpoch', v, 3)
  if (v >= 2) w.unsignedVarint(0)
}

export interface InitProducerIdResponse {
  throttleTimeMs: number
  errorCode: number
  producerId: number
  producerEpoch: number
  ongoingTxnProducerId: number
  ongoingTxnProducerEpoch: number
}

function readInitProducerIdResponse(r: Reader, v: number): InitProducerIdResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const producerId = r.int64()
  const producerEpoch = r.int16()
  const ongoingTxnProducerId: number = v >= 6 ? r.int64() : -1
  const ongoingTxnProducerEpoch: number = v >= 6 ? r.int16() : -1
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, errorCode, producerId, producerEpoch, ongoingTxnProducerId, ongoingTxnProducerEpoch }
}

function writeInitProducerIdResponse(w: Writer, v: number, m: Draft<InitProducerIdResponse>): void {
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const producerId = m.producerId === undefined ? -1 : m.producerId
  w.int64(producerId)
  const producerEpoch = m.producerEpoch === undefined ? 0 : m.producerEpoch
  w.int16(producerEpoch)
  if (v >= 6) {
    const ongoingTxnProducerId = m.ongoingTxnProducerId === undefined ? -1 : m.ongoingTxnProducerId
    w.int64(ongoingTxnProducerId)
  }
  if ((v < 6) && m.ongoingTxnProducerId !== undefined && m.ongoingTxnProducerId !== -1) throw new UnsupportedField('InitProducerIdResponse', 'ongoingTxnProducerId', v, 6)
  if (v >= 6) {
    const ongoingTxnProducerEpoch = m.ongoingTxnProducerEpoch === undefined ? -1 : m.ongoingTxnProducerEpoch
    w.int16(ongoingTxnProducerEpoch)
  }
  if ((v < 6) && m.ongoingTxnProducerEpoch !== undefined && m.ongoingTxnProducerEpoch !== -1) throw new UnsupportedField('InitProducerIdResponse', 'ongoingTxnProducerEpoch', v, 6)
  if (v >= 2) w.unsignedVarint(0)
}

export const initProducerId: Api<InitProducerIdRequest, InitProducerIdResponse> = {
  key: 22,
  name: 'InitProducerId',
  minVersion: 0,
  maxVersion: 5,
  flexibleFrom: 2,
  encodeRequest: writeInitProducerIdRequest,
  decodeRequest: readInitProducerIdRequest,
  encodeResponse: writeInitProducerIdResponse,
  decodeResponse: readInitProducerIdResponse,
}
