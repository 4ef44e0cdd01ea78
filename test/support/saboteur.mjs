// Loaded before everything else in every thread of a test process. In an I/O thread it waits for orders to break it from within, which nothing
// in the client can do for a test.
import { isMainThread, workerData } from 'node:worker_threads'

if (!isMainThread && workerData?.memory?.submission) {
  const orders = new BroadcastChannel('sabotage')
  orders.onmessage = ({ data: { kind, ms } }) => {
    switch (kind) {
      case 'throws':
        setImmediate(() => {
          throw new Error('sabotage')
        })
        break
      case 'rejects':
        Promise.reject(new Error('sabotage'))
        break
      case 'exits':
        process.exit(3)
        break
      case 'runs out of memory': {
        const hoard = []
        for (;;) hoard.push(new Array(1_000_000).fill(0.5))
      }
      case 'stalls':
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
        break
    }
  }
  orders.unref()
}
