/** What groups do on the embedded broker and on real Kafka: suites of requests to both, compared answer by answer. */
import { afterAll, beforeAll, describe } from 'vitest'
import { explainMissing, findKafka } from '../../../kafka/index.ts'
import { BothGroups } from './both.ts'
import { classicParity } from './classic-parity.ts'
import { consumerParity } from './consumer-parity.ts'
import { migrationParity } from './migration-parity.ts'
import { offsetsParity } from './offsets-parity.ts'
import { randomParity } from './random-parity.ts'
import { sessionsParity } from './sessions-parity.ts'

const { via, missing } = await findKafka()
const whether = via === undefined ? ` (skipped: ${explainMissing(missing)})` : ''

describe.skipIf(via === undefined)(`T5 groups like real Kafka${whether}`, () => {
  let both: BothGroups

  beforeAll(async () => {
    both = await BothGroups.start(
      {
        ...{ 'group.consumer.assignment.interval.ms': 0, 'group.consumer.max.size': 4, 'group.max.size': 4 },
        // A broker that gets no time for a while is not to lose its partitions in the middle of a test.
        'broker.session.timeout.ms': 60_000,
      },
      { assignmentIntervalMs: 0, maxSize: 4 },
    )
  }, 120_000)

  afterAll(() => both?.stop())

  consumerParity(() => both)
  classicParity(() => both)
  offsetsParity(() => both)
  migrationParity(() => both)
  randomParity(() => both)
  sessionsParity(() => both)
})
