/**
 * One topic as one producer sees it: its lanes, its partitioner, and the records that came before its metadata did. Knows no
 * budget and no caller.
 */
import type { Packing } from '../shared/io-api.ts'
import type { ProducerRecord } from '../shared/types.ts'
import type { TopicView } from './cluster-view.ts'
import type { Partitioner } from './partitioner.ts'
import { type Observer, Sends } from './sends.ts'

/** One producer's way to one partition. */
export class ProducerLane {
  readonly id: number
  readonly handle: number
  /** Index of the I/O thread. */
  readonly thread: number
  readonly sends: Sends
  /** Tells it from an earlier lane with the same id. */
  readonly serial: number
  /** What unsettled records take of the budget. */
  bytes = 0

  constructor(id: number, serial: number, handle: number, thread: number, topic: string, partition: number) {
    this.id = id
    this.serial = serial
    this.handle = handle
    this.thread = thread
    this.sends = new Sends(topic, partition)
  }
}

/** A record that came before its topic was known; its bytes are its own. */
export interface ParkedRecord {
  record: ProducerRecord
  observer: Observer
  index: number
  /** What it takes of the budget. */
  bytes: number
  /** When it was handed in. */
  since: number
}

export class ProducerTopic {
  readonly topic: string
  readonly partitioner: Partitioner
  readonly packing: Packing
  /** The metadata that {@link lanes} were made from. */
  view: TopicView | undefined
  /** The version of the metadata that {@link view} was last found current in. */
  version = -1
  /** The index is the partition. */
  lanes: ProducerLane[] = []
  /** Set while metadata or lanes are on their way; records must wait their turn in {@link parked}. */
  opening: Promise<void> | undefined
  parked: ParkedRecord[] = []
  /** The highest partition that a parked record names and the view does not have. */
  youngest = -1
  /** Whether the cluster was asked since about {@link youngest}. */
  asked: (() => boolean) | undefined

  constructor(topic: string, partitioner: Partitioner, packing: Packing) {
    this.topic = topic
    this.partitioner = partitioner
    this.packing = packing
  }
}
