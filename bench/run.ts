/** All benchmarks against other clients. `npm run bench`, in a hurry `npm run bench -- --quick` */
import { main } from './command.ts'

await main(['firehose', 'fetch', 'awaited'])
