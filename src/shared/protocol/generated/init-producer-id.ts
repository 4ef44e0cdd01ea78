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
  const producerId = v >= 3 ? r.int64() : -1
  const producerEpoch = v >= 3 ? r.int16() : -1
  const enable2Pc: boolean = false
  const keepPreparedTxn: boolean = false
  if (v >= 2) r.skipTags()
  return { transactionalId, transactionTimeoutMs, producerId, producerEpoch, enable2Pc, keepPreparedTxn }
}

function writeInitProducerIdRequest(w: Writer, v: number, m: Draft<InitProducerIdRequest>): void {
  const { transactionalId = '' } = m
  if (v >= 2) w.compactNullableString(transactionalId)
  else w.nullableString(transactionalId)
  const { transactionTimeoutMs = 0 } = m
  w.int32(transactionTimeoutMs)
  if (v >= 3) {
    const { producerId = -1 } = m
    w.int64(producerId)
  } else if (m.producerId !== undefined && m.producerId !== -1) throw new UnsupportedField('InitProducerIdRequest', 'producerId', v, 3, 32767)
  if (v >= 3) {
    const { producerEpoch = -1 } = m
    w.int16(producerEpoch)
  } else if (m.producerEpoch !== undefined && m.producerEpoch !== -1) throw new UnsupportedField('InitProducerIdRequest', 'producerEpoch', v, 3, 32767)
  if (m.enable2Pc !== undefined && m.enable2Pc !== false) throw new UnsupportedField('InitProducerIdRequest', 'enable2Pc', v, 6, 32767)
  if (m.keepPreparedTxn !== undefined && m.keepPreparedTxn !== false) throw new UnsupportedField('InitProducerIdRequest', 'keepPreparedTxn', v, 6, 32767)
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
  const ongoingTxnProducerId: number = -1
  const ongoingTxnProducerEpoch: number = -1
  if (v >= 2) r.skipTags()
  return { throttleTimeMs, errorCode, producerId, producerEpoch, ongoingTxnProducerId, ongoingTxnProducerEpoch }
}

function writeInitProducerIdResponse(w: Writer, v: number, m: Draft<InitProducerIdResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { producerId = -1 } = m
  w.int64(producerId)
  const { producerEpoch = 0 } = m
  w.int16(producerEpoch)
  if (m.ongoingTxnProducerId !== undefined && m.ongoingTxnProducerId !== -1) throw new UnsupportedField('InitProducerIdResponse', 'ongoingTxnProducerId', v, 6, 32767)
  if (m.ongoingTxnProducerEpoch !== undefined && m.ongoingTxnProducerEpoch !== -1) throw new UnsupportedField('InitProducerIdResponse', 'ongoingTxnProducerEpoch', v, 6, 32767)
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
