import { expect, test } from 'vitest'
import { Kafka } from '../../src/main/index.ts'

test('a full batch must fit in a request: batchBytes above maxRequestBytes is refused and both are named', async () => {
  await using kafka = new Kafka({ brokers: ['localhost:1'], ioThreads: 0, maxRequestBytes: 20_000 })
  expect(() => kafka.producer({ batchBytes: 20_001 })).toThrow(
    expect.objectContaining({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/batchBytes \(20001\).*maxRequestBytes.*\(20000\)/),
      context: { option: 'batchBytes', size: 20_001, limit: 20_000 },
    }),
  )
  expect(kafka.producer({ batchBytes: 20_000 }).name).toBe('default')
})
