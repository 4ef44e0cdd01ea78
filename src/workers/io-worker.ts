/** Entry of an I/O worker thread: hosts one I/O core, answers main's calls, reports events. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { IoEvent, IoOptions } from '../shared/io-api.ts'
import { type IoMemory, sharedBells } from '../shared/io-memory.ts'
import { nodeEnv } from '../shared/node-env.ts'
import { connect, expose } from '../shared/rpc.ts'
import type { SecurityHost } from '../shared/security.ts'
import { IoCore } from './io-core.ts'

export interface IoWorkerData {
  options: IoOptions
  memory: IoMemory
  /** Calls come in here. */
  calls: MessagePort
  /** Where to ask what only main can say about TLS and SASL. */
  host: MessagePort | undefined
}

const { options, memory, calls, host } = workerData as IoWorkerData
const onEvent = (event: IoEvent): void => parentPort!.postMessage(event)
const security = host && connect<SecurityHost>(host)
expose(calls, new IoCore(nodeEnv(), options, memory, sharedBells(memory), onEvent, security))
