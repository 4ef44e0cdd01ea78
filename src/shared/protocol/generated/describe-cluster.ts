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
  const endpointType: number = v >= 1 ? r.int8() : 1
  const includeFencedBrokers: boolean = v >= 2 ? r.boolean() : false
  r.skipTags()
  return { includeClusterAuthorizedOperations, endpointType, includeFencedBrokers }
}

function writeDescribeClusterRequest(w: Writer, v: number, m: Draft<DescribeClusterRequest>): void {
  const includeClusterAuthorizedOperations = m.includeClusterAuthorizedOperations === undefined ? false : m.includeClusterAuthorizedOperations
  w.boolean(includeClusterAuthorizedOperations)
  if (v >= 1) {
    const endpointType = m.endpointType === undefined ? 1 : m.endpointType
    w.int8(endpointType)
  }
  if ((v < 1) && m.endpointType !== undefined && m.endpointType !== 1) throw new UnsupportedField('DescribeClusterRequest', 'endpointType', v, 1)
  if (v >= 2) {
    const includeFencedBrokers = m.includeFencedBrokers === undefined ? false : m.includeFencedBrokers
    w.boolean(includeFencedBrokers)
  }
  if ((v < 2) && m.includeFencedBrokers !== undefined && m.includeFencedBrokers !== false) throw new UnsupportedField('DescribeClusterRequest', 'includeFencedBrokers', v, 2)
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
  const isFenced: boolean = v >= 2 ? r.boolean() : false
  r.skipTags()
  return { brokerId, host, port, rack, isFenced }
}

function writeDescribeClusterBroker(w: Writer, v: number, m: Draft<DescribeClusterBroker>): void {
  const brokerId = m.brokerId === undefined ? 0 : m.brokerId
  w.int32(brokerId)
  const host = m.host === undefined ? '' : m.host
  w.compactString(host)
  const port = m.port === undefined ? 0 : m.port
  w.int32(port)
  const rack = m.rack === undefined ? null : m.rack
  w.compactNullableString(rack)
  if (v >= 2) {
    const isFenced = m.isFenced === undefined ? false : m.isFenced
    w.boolean(isFenced)
  }
  if ((v < 2) && m.isFenced !== undefined && m.isFenced !== false) throw new UnsupportedField('DescribeClusterResponse', 'isFenced', v, 2)
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
  const endpointType: number = v >= 1 ? r.int8() : 1
  const clusterId = r.compactString()
  const controllerId = r.int32()
  const brokers: DescribeClusterBroker[] = []
  {
    const n = r.notNull(r.compactArrayLength(1))
    for (let i = 0; i < n; i++) brokers.push(readDescribeClusterBroker(r, v))
  }
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
  const throttleTimeMs = m.throttleTimeMs === undefined ? 0 : m.throttleTimeMs
  w.int32(throttleTimeMs)
  const errorCode = m.errorCode === undefined ? 0 : m.errorCode
  w.int16(errorCode)
  const errorMessage = m.errorMessage === undefined ? null : m.errorMessage
  w.compactNullableString(errorMessage)
  if (v >= 1) {
    const endpointType = m.endpointType === undefined ? 1 : m.endpointType
    w.int8(endpointType)
  }
  if ((v < 1) && m.endpointType !== undefined && m.endpointType !== 1) throw new UnsupportedField('DescribeClusterResponse', 'endpointType', v, 1)
  const clusterId = m.clusterId === undefined ? '' : m.clusterId
  w.compactString(clusterId)
  const controllerId = m.controllerId === undefined ? -1 : m.controllerId
  w.int32(controllerId)
  const brokers = m.brokers === undefined ? [] : m.brokers
  w.compactArrayLength(brokers.length)
  for (const item of brokers) writeDescribeClusterBroker(w, v, item)
  const clusterAuthorizedOperations = m.clusterAuthorizedOperations === undefined ? -2147483648 : m.clusterAuthorizedOperations
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
