/** Every API of the protocol by key and by name; their code is loaded when first needed. */
import type { Api, ApiInfo } from './api.ts'
import { apis } from './generated/registry.ts'

export { apis }

const byKey = new Map(apis.map((api) => [api.key, api]))
const byName = new Map(apis.map((api) => [api.name, api]))

export function apiByKey(key: number): ApiInfo | undefined {
  return byKey.get(key)
}

export function apiByName(name: string): ApiInfo | undefined {
  return byName.get(name)
}

const loaded = new Map<number, Api>()

/** An API's code; at once when it was loaded before, so that only its first use waits. Undefined: there is no such API. */
export function apiCode(key: number): Api | Promise<Api> | undefined {
  return (
    loaded.get(key) ??
    byKey
      .get(key)
      ?.load()
      .then((api) => {
        loaded.set(key, api)
        return api
      })
  )
}
