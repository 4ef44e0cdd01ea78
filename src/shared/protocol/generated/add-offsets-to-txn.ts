// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface AddOffsetsToTxnRequest {
  transactionalId: string
  producerId: number
  producerEpoch: number
  groupId: string
}

function readAddOffsetsToTxnRequest(r: Reader, v: number): AddOffsetsToTxnRequest {
  const transactionalId = v >= 3 ? r.compactString() : r.string()
  const producerId = r.int64()
  const producerEpoch = r.int16()
  const groupId = v >= 3 ? r.compactString() : r.string()
  if (v >= 3) r.skipTags()
  return { transactionalId, producerId, producerEpoch, groupId }
}

function writeAddOffsetsToTxnRequest(w: Writer, v: number, m: Draft<AddOffsetsToTxnRequest>): void {
  const { transactionalId = '' } = m
  if (v >= 3) w.compactString(transactionalId)
  else w.string(transactionalId)
  const { producerId = 0 } = m
  w.int64(producerId)
  const { producerEpoch = 0 } = m
  w.int16(producerEpoch)
  const { groupId = '' } = m
  if (v >= 3) w.compactString(groupId)
  else w.string(groupId)
  if (v >= 3) w.unsignedVarint(0)
}

export interface AddOffsetsToTxnResponse {
  throttleTimeMs: number
  errorCode: number
}

function readAddOffsetsToTxnResponse(r: Reader, v: number): AddOffsetsToTxnResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  if (v >= 3) r.skipTags()
  return { throttleTimeMs, errorCode }
}

function writeAddOffsetsToTxnResponse(w: Writer, v: number, m: Draft<AddOffsetsToTxnResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  if (v >= 3) w.unsignedVarint(0)
}

export const addOffsetsToTxn: Api<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse> = {
  key: 25,
  name: 'AddOffsetsToTxn',
  minVersion: 0,
  maxVersion: 4,
  flexibleFrom: 3,
  encodeRequest: writeAddOffsetsToTxnRequest,
  decodeRequest: readAddOffsetsToTxnRequest,
  encodeResponse: writeAddOffsetsToTxnResponse,
  decodeResponse: readAddOffsetsToTxnResponse,
}
