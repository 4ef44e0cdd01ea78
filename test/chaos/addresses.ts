/** Puts the proxy's addresses where an answer names the brokers', so that clients never see these. */
import type { Api } from '../../src/shared/protocol/api.ts'
import { describeCluster } from '../../src/shared/protocol/generated/describe-cluster.ts'
import { fetch } from '../../src/shared/protocol/generated/fetch.ts'
import { findCoordinator } from '../../src/shared/protocol/generated/find-coordinator.ts'
import { metadata } from '../../src/shared/protocol/generated/metadata.ts'
import { produce } from '../../src/shared/protocol/generated/produce.ts'
import type { Exchange } from './exchange.ts'

export interface Address {
  host: string
  port: number
}

/** Where the proxy stands for a node. */
export type Disguise = (nodeId: number) => Address | undefined

/** Changes the body in place; says whether there was anything to change. */
type Change<Body> = (body: Body, disguise: Disguise) => boolean

interface Named extends Address {
  nodeId: number
}

function disguised(entries: readonly Named[], disguise: Disguise): boolean {
  for (const entry of entries) Object.assign(entry, disguise(entry.nodeId))
  return entries.length > 0
}

const changes = new Map<number, (exchange: Exchange, frame: Buffer, disguise: Disguise) => Buffer>()

function register<Body>(api: Api<unknown, Body>, change: Change<Body>): void {
  changes.set(api.key, (exchange, frame, disguise) => {
    const body = exchange.decodeAnswer(api, frame)
    return change(body, disguise) ? exchange.encodeAnswer(api, body as never) : frame
  })
}

register(metadata, ({ brokers }, disguise) => disguised(brokers, disguise))
register(produce, ({ nodeEndpoints }, disguise) => disguised(nodeEndpoints, disguise))
register(fetch, ({ nodeEndpoints }, disguise) => disguised(nodeEndpoints, disguise))
register(findCoordinator, (body, disguise) => {
  // before version 4 the one coordinator stands in the answer itself
  if (body.port > 0) disguised([body], disguise)
  disguised(body.coordinators, disguise)
  return true
})
register(describeCluster, ({ brokers }, disguise) => {
  for (const broker of brokers) Object.assign(broker, disguise(broker.brokerId))
  return brokers.length > 0
})

export function disguiseAnswer(exchange: Exchange, frame: Buffer, disguise: Disguise): Buffer {
  return changes.get(exchange.code.key)?.(exchange, frame, disguise) ?? frame
}
