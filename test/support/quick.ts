/**
 * Whether tests are to be quick rather than close to life: clients and embedded brokers share the thread of their test, and sessions of
 * groups are shorter. `npm run test:embedded` asks for it.
 */
export const QUICK = process.env['ODRADEK_QUICK'] === '1'
