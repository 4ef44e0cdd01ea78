/** Writes `docs/configuration.md` from the option tables: `npm run docs:options`. */
import { writeFileSync } from 'node:fs'
import {
  adaptiveOptions,
  groupOptions,
  groupStopOptions,
  rateLimitOptions,
  threadOptions,
} from '../src/main/group/group-options.ts'
import { groupTopicOptions } from '../src/main/group/topic-options.ts'
import {
  adminOptions,
  closeOptions,
  fetchOptions,
  kafkaOptions,
  listOffsetsOptions,
  newPartitionsOptions,
  newTopicOptions,
} from '../src/main/options.ts'
import { producerOptions, producerTopicOptions } from '../src/main/producer-options.ts'
import { scramAlterationOptions } from '../src/main/scram-options.ts'
import { awsOptions, oidcOptions, saslOptions } from '../src/main/security/security-options.ts'
import {
  transactionOptions,
  transactionPoolOptions,
  transactionProducerOptions,
} from '../src/main/transactions/transaction-options.ts'
import { type OptionSchema, optionsTable } from '../src/shared/options.ts'

interface Section {
  title: string
  text: string
  schema: OptionSchema
}

const SECTIONS: Section[] = [
  { title: 'Client', text: 'Of the client itself; every producer, fetch and admin call shares them.', schema: kafkaOptions },
  {
    title: 'sasl',
    text: 'Of `sasl` of the client; what each mechanism needs is in [security.md](security.md).',
    schema: saslOptions,
  },
  { title: 'sasl.oidc', text: 'Of `sasl.oidc` of the client.', schema: oidcOptions },
  { title: 'sasl.aws', text: 'Of `sasl.aws` of the client.', schema: awsOptions },
  { title: 'Producer', text: 'Of one named producer of a client.', schema: producerOptions },
  { title: 'Single topics of a producer', text: 'Of each topic in `topics` of a producer.', schema: producerTopicOptions },
  {
    title: 'transactionPool',
    text: 'Of `transactionPool` of the client; what they mean is in [transactions.md](transactions.md).',
    schema: transactionPoolOptions,
  },
  {
    title: 'transactionPool.producer',
    text: 'Of `transactionPool.producer` of the client: what of a producer can be chosen for transactions.',
    schema: transactionProducerOptions,
  },
  { title: 'transaction', text: 'Of one `kafka.transaction`.', schema: transactionOptions },
  { title: 'Consumer group', text: 'Of one member of a consumer group.', schema: groupOptions },
  {
    title: 'Topics of a consumer group',
    text: 'Of each topic in `topics` of a consumer group, and, besides `name`, of `defaultTopicConfig`, which holds for what an entry leaves out.',
    schema: groupTopicOptions,
  },
  { title: 'rateLimit', text: 'Of `rateLimit` of a consumer group.', schema: rateLimitOptions },
  {
    title: 'adaptive',
    text: 'Of `adaptive` of a consumer group, for which `true` stands for all defaults.',
    schema: adaptiveOptions,
  },
  { title: 'Threads of a consumer group', text: 'Of `threadOptions` of a consumer group.', schema: threadOptions },
  { title: 'stop', text: 'Of `stop` of a consumer group.', schema: groupStopOptions },
  { title: 'Fetch', text: 'Of one fetch.', schema: fetchOptions },
  { title: 'close', text: 'Of `close` of the client.', schema: closeOptions },
  { title: 'Admin calls', text: 'Of every admin call.', schema: adminOptions },
  { title: 'listOffsets', text: 'Of `listOffsets`.', schema: listOffsetsOptions },
  { title: 'New topics', text: 'Of each topic given to `createTopics`.', schema: newTopicOptions },
  { title: 'New partitions', text: 'Of each topic given to `createPartitions`.', schema: newPartitionsOptions },
  { title: 'SCRAM users', text: 'Of each change given to `alterUserScramCredentials`.', schema: scramAlterationOptions },
]

const INTRODUCTION = `# Configuration

<!-- Made from the option rows by docs/generate-options.ts; change the rows in src/main/options.ts and run \`npm run docs:options\`. -->

Options are checked when they are given. A misspelt name, a value of the wrong type or one out of bounds is an error with code
\`INVALID_OPTION\` that names the option, what was given and what is allowed. An option that is \`undefined\` counts as left out.
Durations are in milliseconds, sizes in bytes; 1 KiB is 1,024 bytes, 1 MiB is 1,024 KiB.
`

export function renderConfiguration(): string {
  return [INTRODUCTION, ...SECTIONS.map(renderSection)].join('\n')
}

function renderSection({ title, text, schema }: Section): string {
  const rows = optionsTable(schema).map((row) => {
    const cells = [`\`${row.name}\``, code(row.type), code(row.default), row.bounds, row.description]
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  })
  return [
    `## ${title}\n`,
    `${text}\n`,
    '| option | type | default | allowed | meaning |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function code(text: string): string {
  return text === '' || text === 'required' ? text : `\`${text}\``
}

if (import.meta.main) writeFileSync(new URL('./configuration.md', import.meta.url), renderConfiguration())
