/** When which node got a connection or a request: the measure of storms. */
interface Entry {
  at: number
  node: number
  /** Undefined for a connection. */
  api: string | undefined
}

export interface Rate {
  node: number
  connections: number
  requests: number
  /** Both, on the average of the time. */
  perSecond: number
  /** Both, in the worst second. */
  worstSecond: number
}

export class TrafficLog {
  readonly #entries: Entry[] = []

  note(node: number, api?: string): void {
    this.#entries.push({ at: performance.now(), node, api })
  }

  /** When requests of `api` arrived, in ms of `performance.now()`; of any node or of one. */
  times(api: string, node?: number): number[] {
    return this.#entries.filter((one) => one.api === api && (node === undefined || one.node === node)).map(({ at }) => at)
  }

  /** What each node got from `from` to `to`, in ms of `performance.now()`. */
  rates(from: number, to: number): Rate[] {
    const nodes = [...new Set(this.#entries.map(({ node }) => node))].toSorted((a, b) => a - b)
    return nodes.map((node) => {
      const all = this.#entries.filter((one) => one.node === node && one.at >= from && one.at < to)
      const connections = all.filter(({ api }) => api === undefined).length
      const within = (start: number) => all.filter(({ at }) => at >= start && at < start + 1_000).length
      return {
        node,
        connections,
        requests: all.length - connections,
        perSecond: Math.round((all.length * 10_000) / (to - from)) / 10,
        worstSecond: Math.max(0, ...all.map(({ at }) => within(at))),
      }
    })
  }
}
