/** What runs in the embedded broker's thread: a cluster on real sockets, told what to do by the thread that started it. */
import { parentPort, workerData } from 'node:worker_threads'
import { expose } from '../../../shared/rpc.ts'
import { controlFor, type ThreadOptions } from './here.ts'

expose(parentPort!, controlFor(workerData as ThreadOptions))
