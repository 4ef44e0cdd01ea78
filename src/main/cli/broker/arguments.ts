/** The command line of `odradek broker`, checked. Knows nothing of brokers beyond the bounds of their options. */
import { parseArgs } from 'node:util'
import type { BrokerTopic } from '../../testing/index.ts'

export const DEFAULT_PORT = 9092

export const usage = `Usage: odradek broker [options]

A Kafka for development and tests on this machine, without Java or Docker. Any Kafka client in any language can use it.

  --port <port>                where the first node listens, the others take the next ports; 0: any free ones; default ${DEFAULT_PORT}
  --host <address>             the address to listen on and to tell clients; default 127.0.0.1, which only this machine can reach
  --advertise <host>           what clients are told instead, such as host.docker.internal with --host 0.0.0.0
  --nodes <number>             how many nodes the cluster has, 1 to 9; default 1
  --topic <name[:partitions]>  a topic to begin with; may be given several times
  --no-auto-create             topics are not made when somebody asks for one that is not there
  --data <folder>              where all is kept, so that the next broker goes on with it; left out, all is gone with this one
  --seed <file>                records to begin with, one JSON object a line; - for standard input
  --quiet                      only says where it listens, not who connects
  --help                       this text

A line of a seed file: {"topic": "orders", "key": "4711", "value": {"total": 12}, "headers": {"source": "seed"}}
  topic is needed; partition, key, value, headers and timestamp (in ms) are not. Text is taken as it is, {"base64": "…"} as bytes,
  null as Kafka's null; anything else that is a value becomes JSON text. A folder that has data already is not seeded again.

Examples:
  odradek broker
  odradek broker --topic orders:6 --topic payments:3
  odradek broker --data ./kafka-data
  odradek broker --host 0.0.0.0 --advertise host.docker.internal
  odradek broker --port 19092 --nodes 3 --seed fixtures/orders.ndjson
  kcat -b localhost:9092 -t orders -P      # and then use it

Ctrl-C ends it, a second one at once. Exit codes: 0 ended in good order, 1 it could not start or go on, 2 wrong arguments.
`

export interface BrokerArguments {
  port: number
  host: string
  advertise: string | undefined
  nodes: number
  topics: BrokerTopic[]
  autoCreate: boolean
  data: string | undefined
  seed: string | undefined
  quiet: boolean
}

/** Whoever called has to correct the command line. */
export class BadArguments extends Error {}

export function parseArguments(args: string[]): BrokerArguments | 'help' {
  const values = parsed(args)
  if (values.help) return 'help'
  return {
    port: numberOf('--port', values.port, 0, 65_535),
    host: values.host,
    advertise: values.advertise,
    nodes: numberOf('--nodes', values.nodes, 1, 9),
    topics: values.topic.map(topicOf),
    autoCreate: !values['no-auto-create'],
    data: values.data,
    seed: values.seed,
    quiet: values.quiet,
  }
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string', default: String(DEFAULT_PORT) },
        host: { type: 'string', default: '127.0.0.1' },
        advertise: { type: 'string' },
        nodes: { type: 'string', default: '1' },
        topic: { type: 'string', multiple: true, default: [] },
        'no-auto-create': { type: 'boolean', default: false },
        data: { type: 'string' },
        seed: { type: 'string' },
        quiet: { type: 'boolean', short: 'q', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    throw new BadArguments((error as Error).message)
  }
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new BadArguments(`${option} must be a whole number from ${least} to ${most}, not '${text}'`)
}

/** No topic has a colon in its name. */
function topicOf(text: string): BrokerTopic {
  const colon = text.indexOf(':')
  if (colon < 0) return { topic: text }
  return { topic: text.slice(0, colon), partitions: numberOf(`--topic ${text}: partitions`, text.slice(colon + 1), 1, 10_000) }
}
