// Generated from Kafka's message definitions by `npm run generate`; never edited.
import { type Message, type Draft } from '../api.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export interface EndTxnMarker {
  coordinatorEpoch: number
}

function readEndTxnMarker(r: Reader, _v: number): EndTxnMarker {
  const coordinatorEpoch = r.int32()
  return { coordinatorEpoch }
}

function writeEndTxnMarker(w: Writer, _v: number, m: Draft<EndTxnMarker>): void {
  const { coordinatorEpoch = 0 } = m
  w.int32(coordinatorEpoch)
}

export const endTxnMarker: Message<EndTxnMarker> = {
  name: 'EndTxnMarker',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 32767,
  encode: writeEndTxnMarker,
  decode: readEndTxnMarker,
}
