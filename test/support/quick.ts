/**
 * Whether tests are to be quick rather than close to life: clients and embedded brokers share the thread of their test, and sessions of
 * groups are shorter. `npm run test:embedded` asks for it.
 */
export const QUICK = process.env['ODRADEK_QUICK'] === '1'
/** For options of clients in tests that are about something else than threads. */
export const quickClient: { ioThreads?: 0 } = QUICK ? { ioThreads: 0 } : {}
/** The same of embedded brokers. */
export const quickBroker: { thread?: false } = QUICK ? { thread: false } : {}
