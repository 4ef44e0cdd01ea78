import { describe, expect, test } from 'vitest'
import { handlers } from '../../../src/main/testing/broker/apis/index.ts'
import { topicApis, transactionApis } from '../../../src/main/testing/broker/apis/names.ts'
import type { Broker } from '../../../src/main/testing/broker/broker.ts'
import { RequestSubject } from '../../../src/main/testing/broker/subject.ts'
import { Reader } from '../../../src/shared/protocol/reader.ts'
import { codecOf, goldenMessages } from '../../shared/protocol/golden.ts'

const header = { apiKey: 0, apiVersion: 0, correlationId: 1, clientId: 'c' }
/** Any topic id is that of the topic 'by-id'. */
const node = {
  cluster: { topics: { byId: () => ({ name: 'by-id' }) } },
  sessions: { partitionsOf: () => [] },
} as unknown as Broker

/** What a request with every field filled in is about, at the latest version that Kafka's classes were asked for. */
function subjectOf(api: string) {
  const handler = [...handlers.values()].find((one) => one.api.name === api)!
  const versions = goldenMessages.filter(
    ({ m, v, mode }) => m === `${api}Request` && mode === 'full' && v <= handler.api.maxVersion,
  )
  return versions.map(({ m, v, hex }) => {
    const request = meant(codecOf(m).decode(new Reader(Buffer.from(hex, 'hex')), v))
    return { v, request, subject: new RequestSubject(node, handler, header, request) }
  })
}

/** The same with kinds of things that there are: topics among the resources, transactions among the keys, names that are not empty. */
function meant(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meant)
  if (value === '') return 'x'
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  const fields = Object.entries(value).map(([name, field]) => [name, meant(field)])
  return {
    ...Object.fromEntries(fields),
    ...('resourceType' in value && { resourceType: 2 }),
    ...('keyType' in value && { keyType: 1 }),
  }
}

/** Every text in a request. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return []
  return Object.values(value).flatMap(texts)
}

describe('T3 what a request is about', () => {
  test.each(Array.from(handlers.values(), ({ api }) => api.name))(
    '%s: topics and transactional ids are found where there are any',
    (api) => {
      for (const { v, request, subject } of subjectOf(api)) {
        const names = [...texts(request), 'by-id']
        const about = names.filter((name) => subject.isAbout(name))
        expect(about.length > 0, `topics in version ${v}: ${JSON.stringify(request)}`).toBe(topicApis.has(api))
        if (!transactionApis.has(api)) expect(subject.transactionalIds, `version ${v}`).toEqual([])
      }
      const found = subjectOf(api).some(({ subject }) => subject.transactionalIds.length > 0)
      expect(found).toBe(transactionApis.has(api))
    },
  )
})
