/** Entry of the embedded broker's thread; loads `serve.ts` by the synchronous loader, which was measured to take two thirds of the time. */
import { createRequire } from 'node:module'

createRequire(import.meta.url)(import.meta.url.endsWith('.ts') ? './serve.ts' : './serve.js')
