// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface AllocateProducerIdsRequest {
  brokerId: number
  brokerEpoch: number
}

function readAllocateProducerIdsRequest(r: Reader, _v: number): AllocateProducerIdsRequest {
  const brokerId = r.int32()
  const brokerEpoch = r.int64()
  r.skipTags()
  return { brokerId, brokerEpoch }
}

function writeAllocateProducerIdsRequest(w: Writer, _v: number, m: Draft<AllocateProducerIdsRequest>): void {
  const { brokerId = 0 } = m
  w.int32(brokerId)
  const { brokerEpoch = -1 } = m
  w.int64(brokerEpoch)
  w.unsignedVarint(0)
}

export interface AllocateProducerIdsResponse {
  throttleTimeMs: number
  errorCode: number
  producerIdStart: number
  producerIdLen: number
}

function readAllocateProducerIdsResponse(r: Reader, _v: number): AllocateProducerIdsResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const producerIdStart = r.int64()
  const producerIdLen = r.int32()
  r.skipTags()
  return { throttleTimeMs, errorCode, producerIdStart, producerIdLen }
}

function writeAllocateProducerIdsResponse(w: Writer, _v: number, m: Draft<AllocateProducerIdsResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { producerIdStart = 0 } = m
  w.int64(producerIdStart)
  const { producerIdLen = 0 } = m
  w.int32(producerIdLen)
  w.unsignedVarint(0)
}

export const allocateProducerIds: Api<AllocateProducerIdsRequest, AllocateProducerIdsResponse> = {
  key: 67,
  name: 'AllocateProducerIds',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  encodeRequest: writeAllocateProducerIdsRequest,
  decodeRequest: readAllocateProducerIdsRequest,
  encodeResponse: writeAllocateProducerIdsResponse,
  decodeResponse: readAllocateProducerIdsResponse,
}
