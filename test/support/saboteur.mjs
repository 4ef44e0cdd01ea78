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
        // small things: one large one could be more than the thread may still take while it is being ended
        let hoard
        for (;;) hoard = { hoard }
      }
      case 'stalls':
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
        break
    }
  }
  orders.unref()
}
