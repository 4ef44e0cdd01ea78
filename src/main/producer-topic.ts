/**
 * One topic as one producer sees it: its lanes, its partitioner, and the records that came before its metadata did. Knows no
 * budget and no caller.
 */
import type { Packing } from '../shared/io-api.ts'
import type { ProducerRecord } from '../shared/types.ts'
import { Holding, type LeaderHolding } from './budget.ts'
import type { TopicView } from './cluster-view.ts'
import type { Partitioner } from './partitioner.ts'
import { type Observer, Sends } from './sends.ts'
import { Line } from './waiting-room.ts'

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
  readonly holding: Holding
  /** Records that wait for room. It outlives the lane when the partition gets another one. */
  readonly line: Line

  constructor(id: number, serial: number, handle: number, thread: number, line: Line, leader: LeaderHolding) {
    this.id = id
    this.serial = serial
    this.handle = handle
    this.thread = thread
    this.holding = new Holding(leader)
    this.line = line
    this.sends = new Sends(line.topic, line.partition)
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
  /** Where it is bound for; −1: to be chosen yet. */
  partition: number
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
  /** What parked records take of the budget. */
  readonly parking: Holding
  /** Records that wait for room and have no lane yet; behind those that do. */
  readonly line: Line
  /** The highest partition that a record names and the view does not have. */
  youngest = -1
  /** Whether the cluster was asked since about {@link youngest}. */
  asked: (() => boolean) | undefined

  constructor(topic: string, partitioner: Partitioner, packing: Packing, parking: LeaderHolding) {
    this.topic = topic
    this.partitioner = partitioner
    this.packing = packing
    this.parking = new Holding(parking)
    this.line = new Line(topic, -1, this.parking)
  }

  /** Whether a record waits for room in one of its partitions. */
  get crowded(): boolean {
    for (let i = 0; i < this.lanes.length; i++) if (this.lanes[i]!.line.size > 0) return true
    return false
  }
}
