/** Entry of an I/O worker thread: hosts one I/O core, answers main's calls, reports events. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { IoEvent, IoOptions } from '../shared/io-api.ts'
import { type IoMemory, sharedBells } from '../shared/io-memory.ts'
import { nodeEnv } from '../shared/node-env.ts'
import { expose } from '../shared/rpc.ts'
import { IoCore } from './io-core.ts'

export interface IoWorkerData {
  options: IoOptions
  memory: IoMemory
  /** Calls come in here. */
  calls: MessagePort
}

const { options, memory, calls } = workerData as IoWorkerData
const core = new IoCore(nodeEnv(), options, memory, sharedBells(memory), (event: IoEvent) => parentPort!.postMessage(event))
expose(calls, core)
