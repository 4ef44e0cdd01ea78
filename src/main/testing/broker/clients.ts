/**
 * Who is connected, for those who watch: clients by what they call themselves, told of once while any connection of theirs lasts.
 * Knows no socket and no request.
 */

/** What a client says of itself. Any of it may be empty: clients older than KIP-511 name no software. */
export interface ClientFacts {
  clientId: string
  software: string
  version: string
  /** Its address, without the port. */
  host: string
}

/** Of each name; they may be as long as a request. */
const MAX_NAME_LENGTH = 255
/** Nobody may be listening. */
const REMEMBERED = 1_000

export class Clients {
  /** Connections of each. */
  readonly #live = new Map<string, number>()
  #news: ClientFacts[] = []
  #listener: ((news: ClientFacts[]) => void) | undefined

  /** A connection said whose it is. Returns what to call when it is gone. */
  arrived(said: ClientFacts): () => void {
    const cut = (name: string): string => name.slice(0, MAX_NAME_LENGTH)
    const client = { clientId: cut(said.clientId), software: cut(said.software), version: cut(said.version), host: said.host }
    const key = JSON.stringify([client.clientId, client.software, client.version, client.host])
    const connections = this.#live.get(key) ?? 0
    this.#live.set(key, connections + 1)
    if (connections === 0) this.#tell(client)
    return () => {
      const left = this.#live.get(key)! - 1
      if (left > 0) this.#live.set(key, left)
      else this.#live.delete(key)
    }
  }

  /** Those that came since the last call, as soon as there are any; one call at a time. */
  next(): Promise<ClientFacts[]> {
    return new Promise((resolve) => {
      this.#listener = resolve
      this.#flush()
    })
  }

  #tell(client: ClientFacts): void {
    if (this.#news.length < REMEMBERED) this.#news.push(client)
    this.#flush()
  }

  #flush(): void {
    if (this.#news.length === 0 || !this.#listener) return
    const listener = this.#listener
    const news = this.#news
    this.#listener = undefined
    this.#news = []
    listener(news)
  }
}
