/** Every API of the protocol by key and by name; their code is loaded when first needed. */
import type { ApiInfo } from './api.ts'
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
