/**
 * Everything an I/O core was told and still has to know, so that its successor can be told again. Knows no records and no
 * threads.
 */
import type { WireError } from '../shared/errors.ts'
import type {
  BrokerAddress,
  HeartbeatOrder,
  IoApi,
  LaneOpening,
  LaneRemains,
  PartitionLeader,
  ProducerSettings,
  TransactionIdentity,
  TransactionTerms,
} from '../shared/io-api.ts'
import type { Remote } from '../shared/rpc.ts'

export class IoTold {
  #brokers: BrokerAddress[] = []
  readonly #partitions = new Map<number, PartitionLeader>()
  readonly #dropped = new Map<number, WireError>()
  readonly #producers = new Map<number, ProducerSettings>()
  readonly #lanes = new Map<number, LaneOpening>()
  readonly #heartbeats = new Map<number, HeartbeatOrder>()
  /** By producer. */
  readonly #transactions = new Map<number, { terms: TransactionTerms; admitted: Set<number>; dropped: WireError | undefined }>()

  setBrokers(brokers: BrokerAddress[]): void {
    this.#brokers = brokers
  }

  setPartitions(partitions: PartitionLeader[]): void {
    for (const partition of partitions) this.#partitions.set(partition.handle, partition)
  }

  dropPartitions(handles: number[], error: WireError): void {
    for (const handle of handles) if (this.#partitions.delete(handle)) this.#dropped.set(handle, error)
  }

  openProducer(settings: ProducerSettings): void {
    this.#producers.set(settings.producer, settings)
  }

  closeProducer(producer: number): void {
    this.#producers.delete(producer)
    this.#transactions.delete(producer)
    for (const [id, lane] of this.#lanes) if (lane.producer === producer) this.#lanes.delete(id)
  }

  openLanes(lanes: LaneOpening[]): void {
    for (const lane of lanes) this.#lanes.set(lane.lane, lane)
  }

  setTransaction(producer: number, terms: TransactionTerms): void {
    this.#transactions.set(producer, { terms, admitted: new Set(), dropped: undefined })
  }

  nextTransaction(producer: number, ended: TransactionIdentity, terms: TransactionTerms): void {
    const last = this.#transactions.get(producer)?.terms
    if (last?.producerId === ended.producerId && last.producerEpoch === ended.producerEpoch) this.setTransaction(producer, terms)
  }

  admitPartitions(producer: number, handles: number[]): void {
    for (const handle of handles) this.#transactions.get(producer)?.admitted.add(handle)
  }

  dropRecords(producer: number, error: WireError): void {
    const transaction = this.#transactions.get(producer)
    if (transaction) transaction.dropped = error
  }

  heartbeat(order: HeartbeatOrder): void {
    this.#heartbeats.set(order.member, order)
  }

  endHeartbeats(member: number): void {
    this.#heartbeats.delete(member)
  }

  /** Tells it all to a new core, in an order that makes sense; `taken` is how many records of each lane the old one took. */
  retell(api: Remote<IoApi>, taken: ReadonlyMap<number, number>, remains: LaneRemains[]): Promise<unknown> {
    const lanes = [...this.#lanes.values()].map((lane) => ({ ...lane, taken: taken.get(lane.lane) ?? 0 }))
    const said: Promise<unknown>[] = [api.setBrokers(this.#brokers), api.setPartitions([...this.#partitions.values()])]
    for (const order of this.#heartbeats.values()) said.push(api.heartbeat(order))
    // lanes of partitions that are no more still have to give the reason
    for (const { handle } of lanes) {
      const error = this.#dropped.get(handle)
      if (!error) continue
      const gone = { handle, topic: error.context.topic ?? '', topicId: '', partition: -1, leader: -1, leaderEpoch: -1 }
      said.push(api.setPartitions([gone]), api.dropPartitions([handle], error))
    }
    for (const producer of this.#producers.values()) said.push(api.openProducer(producer))
    for (const [producer, { terms, admitted, dropped }] of this.#transactions) {
      said.push(api.setTransaction(producer, terms), api.admitPartitions(producer, [...admitted]))
      if (dropped) said.push(api.dropRecords(producer, dropped))
    }
    said.push(api.openLanes(lanes), api.adopt(remains))
    return Promise.all(said)
  }
}
