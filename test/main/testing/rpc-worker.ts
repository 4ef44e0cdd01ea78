/** The other side of the calls in `rpc.test.ts`. */
import { parentPort } from 'node:worker_threads'
import { KafkaError } from '../../../src/shared/errors.ts'
import { expose } from '../../../src/shared/rpc.ts'

const api = {
  add: (a: number, b: number): number => a + b,
  later: async (value: string): Promise<string> => value,
  never: (): Promise<void> => new Promise(() => {}),
  refuse(): void {
    throw new KafkaError('NO_BROKER', 'nobody there', {
      retriable: true,
      broker: 'h:1',
      outcome: 'not-written',
      cause: new Error('deep'),
    })
  },
  blunder(): void {
    throw new RangeError('off by one')
  },
  unsendable: () => () => {},
  crash(): void {
    setImmediate(() => {
      throw new Error('worker bug')
    })
  },
  exit: (): never => process.exit(3),
}

export type TestApi = typeof api

expose(parentPort!, api)
