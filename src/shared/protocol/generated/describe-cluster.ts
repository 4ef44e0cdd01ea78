// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Api, type Draft, UnsupportedField } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface DescribeClusterRequest {
  includeClusterAuthorizedOperations: boolean
  endpointType: number
  includeFencedBrokers: boolean
}

function readDescribeClusterRequest(r: Reader, v: number): DescribeClusterRequest {
  const includeClusterAuthorizedOperations = r.boolean()
  const endpointType = v >= 1 ? r.int8() : 1
  const includeFencedBrokers = v >= 2 ? r.boolean() : false
  r.skipTags()
  return { includeClusterAuthorizedOperations, endpointType, includeFencedBrokers }
}

function writeDescribeClusterRequest(w: Writer, v: number, m: Draft<DescribeClusterRequest>): void {
  const { includeClusterAuthorizedOperations = false } = m
  w.boolean(includeClusterAuthorizedOperations)
  if (v >= 1) {
    const { endpointType = 1 } = m
    w.int8(endpointType)
  } else if (m.endpointType !== undefined && m.endpointType !== 1) throw new UnsupportedField('DescribeClusterRequest', 'endpointType', v, 1, 32767)
  if (v >= 2) {
    const { includeFencedBrokers = false } = m
    w.boolean(includeFencedBrokers)
  } else if (m.includeFencedBrokers !== undefined && m.includeFencedBrokers !== false) throw new UnsupportedField('DescribeClusterRequest', 'includeFencedBrokers', v, 2, 32767)
  w.unsignedVarint(0)
}

export interface DescribeClusterBroker {
  brokerId: number
  host: string
  port: number
  rack: string | null
  isFenced: boolean
}

function readDescribeClusterBroker(r: Reader, v: number): DescribeClusterBroker {
  const brokerId = r.int32()
  const host = r.compactString()
  const port = r.int32()
  const rack: string | null = r.compactNullableString()
  const isFenced = v >= 2 ? r.boolean() : false
  r.skipTags()
  return { brokerId, host, port, rack, isFenced }
}

function writeDescribeClusterBroker(w: Writer, v: number, m: Draft<DescribeClusterBroker>): void {
  const { brokerId = 0 } = m
  w.int32(brokerId)
  const { host = '' } = m
  w.compactString(host)
  const { port = 0 } = m
  w.int32(port)
  const { rack = null } = m
  w.compactNullableString(rack)
  if (v >= 2) {
    const { isFenced = false } = m
    w.boolean(isFenced)
  } else if (m.isFenced !== undefined && m.isFenced !== false) throw new UnsupportedField('DescribeClusterResponse', 'isFenced', v, 2, 32767)
  w.unsignedVarint(0)
}

export interface DescribeClusterResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  endpointType: number
  clusterId: string
  controllerId: number
  brokers: DescribeClusterBroker[]
  clusterAuthorizedOperations: number
}

function readDescribeClusterResponse(r: Reader, v: number): DescribeClusterResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.int16()
  const errorMessage: string | null = r.compactNullableString()
  const endpointType = v >= 1 ? r.int8() : 1
  const clusterId = r.compactString()
  const controllerId = r.int32()
  const brokers: DescribeClusterBroker[] = []
  for (let n = r.notNull(r.compactArrayLength(11)); n > 0; n--) brokers.push(readDescribeClusterBroker(r, v))
  const clusterAuthorizedOperations = r.int32()
  r.skipTags()
  return {
    throttleTimeMs,
    errorCode,
    errorMessage,
    endpointType,
    clusterId,
    controllerId,
    brokers,
    clusterAuthorizedOperations,
  }
}

function writeDescribeClusterResponse(w: Writer, v: number, m: Draft<DescribeClusterResponse>): void {
  const { throttleTimeMs = 0 } = m
  w.int32(throttleTimeMs)
  const { errorCode = 0 } = m
  w.int16(errorCode)
  const { errorMessage = null } = m
  w.compactNullableString(errorMessage)
  if (v >= 1) {
    const { endpointType = 1 } = m
    w.int8(endpointType)
  } else if (m.endpointType !== undefined && m.endpointType !== 1) throw new UnsupportedField('DescribeClusterResponse', 'endpointType', v, 1, 32767)
  const { clusterId = '' } = m
  w.compactString(clusterId)
  const { controllerId = -1 } = m
  w.int32(controllerId)
  const { brokers = [] } = m
  w.compactArrayLength(brokers.length)
  for (const item of brokers) writeDescribeClusterBroker(w, v, item)
  const { clusterAuthorizedOperations = -2147483648 } = m
  w.int32(clusterAuthorizedOperations)
  w.unsignedVarint(0)
}

export const describeCluster: Api<DescribeClusterRequest, DescribeClusterResponse> = {
  key: 60,
  name: 'DescribeCluster',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 0,
  encodeRequest: writeDescribeClusterRequest,
  decodeRequest: readDescribeClusterRequest,
  encodeResponse: writeDescribeClusterResponse,
  decodeResponse: readDescribeClusterResponse,
}
