// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface EndTxnRequest {
  transactionalId: string
  producerId: number
  producerEpoch: number
  committed: boolean
}

function readEndTxnRequest(r: Reader, v: number): EndTxnRequest {
  const transactionalId = v >= 3 ? r.compactString() : r.string()
  const producerId = r.int64()
  const producerEpoch = r.int16()
  const committed = r.boolean()
  if (v >= 3) r.skipTags()
  return { transactionalId, producerId, producerEpoch, committed }
}

function writeEndTxnRequest(w: Writer, v: number, m: Draft<EndTxnRequest>): void {
  const { transactionalId = '' } = m
  if (v >= 3) w.compactString(transactionalId)
  else w.string(transactionalId)
  const { producerId = 0 } = m
  w.int64(producerId)
  const { producerEpoch = 0 } = m
  w.int16(producerEpoch)
  const { committed = false } = m
  w.boolean(committed)
  if (v >= 3) w.unsignedVarint(0)
}

export interface EndTxnResponse {
  throttleTimeMs: number
  errorCode: number
  producerId: number
  producerEpoch: number
}

function readEndTxnResponse(r: Reader, v: number): EndTxnResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const producerId = v >= 5 ? r.int64() : -1
  const producerEpoch = v >= 5 ? r.int16() : -1
  if (v >= 3) r.skipTags()
  return { throttleTimeMs, errorCode, producerId, producerEpoch }
}

function writeEndTxnResponse(w: Writer, v: number, m: Draft<EndTxnResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 5) {
    const { producerId = -1 } = m
    w.int64(producerId)
  }
  if (v >= 5) {
    const { producerEpoch = -1 } = m
    w.int16(producerEpoch)
  }
  if (v >= 3) w.unsignedVarint(0)
}

export const endTxn: Api<EndTxnRequest, EndTxnResponse> = {
  key: 26,
  name: 'EndTxn',
  minVersion: 0,
  maxVersion: 5,
  flexibleFrom: 3,
  encodeRequest: writeEndTxnRequest,
  decodeRequest: readEndTxnRequest,
  encodeResponse: writeEndTxnResponse,
  decodeResponse: readEndTxnResponse,
}
