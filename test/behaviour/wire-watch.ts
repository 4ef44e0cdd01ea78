/** Looks at requests that go past the chaos proxy, on every kind of cluster. Knows no faults; it lets everything pass. */
import type { Api } from '../../src/shared/protocol/api.ts'
import type { ChaosProxy } from '../chaos/index.ts'

/** One request on its way to a broker. */
export interface Seen<Request> {
  /** In ms of `performance.now()`. */
  at: number
  node: number
  /** Counts the connections of the proxy. */
  connection: number
  body: Request
}

const ALWAYS = Number.POSITIVE_INFINITY

/** Requests of `api` from now on; the list grows. */
export function watchRequests<Request>(proxy: ChaosProxy, api: Api<Request>): Seen<Request>[] {
  const seen: Seen<Request>[] = []
  proxy.requests({ api: api.name, times: ALWAYS }, (frame, exchange) => {
    const { node, connection } = exchange
    seen.push({ at: performance.now(), node, connection, body: exchange.request(api)! })
    return [frame]
  })
  return seen
}

/** How many requests of `api` were without an answer at once; each answer comes `ms` later than it would. */
export function watchConcurrency(proxy: ChaosProxy, api: Api, ms: number): { readonly peak: number } {
  let open = 0
  const state = { peak: 0 }
  proxy.requests({ api: api.name, times: ALWAYS }, (frame) => {
    state.peak = Math.max(state.peak, ++open)
    return [frame]
  })
  proxy.answers({ api: api.name, times: ALWAYS }, function* (frame) {
    yield ms
    open--
    yield frame
  })
  return state
}
