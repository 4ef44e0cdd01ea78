/** Which clients there are, where their modules lie, and how they are made ready. A new one is a line here and a module. */
import { fileURLToPath } from 'node:url'
import { missing } from './clients/java.ts'
import { buildAddon, compile, findNode } from './peers/addon.ts'
import { install } from './peers/install.ts'

export interface KnownClient {
  key: string
  /** URL of a module with `load`, see `client.ts`. */
  module: string
  /** Another Node that its runs take, and the compiled `child.ts` for it. */
  node?: { path: string; child: string }
}

type Log = (text: string) => void

interface Entry {
  key: string
  /** Throws with a reason when the client is not to be had. */
  ready(log: Log): Promise<KnownClient> | KnownClient
}

const url = (path: string) => new URL(path, import.meta.url)
const folderOf = (key: string) => fileURLToPath(url(`peers/${key}`))

const own = (key: string, reasonAgainst: () => string | undefined = () => undefined, file = `${key}.ts`): Entry => ({
  key,
  ready() {
    const reason = reasonAgainst()
    if (reason !== undefined) throw new Error(reason)
    return { key, module: url(`clients/${file}`).href }
  },
})

/** Another client told something else, by the query of its module's URL. */
const variant = (key: string, file: string): Entry => own(key, undefined, file)

const peer = (key: string): Entry => ({
  key,
  async ready(log) {
    await install(folderOf(key), log)
    return { key, module: url(`peers/${key}/client.ts`).href }
  },
})

/** A peer with an addon that has to be compiled, and that runs on the Node for which that can be done. */
const addon = (key: string, name: string): Entry => ({
  key,
  async ready(log) {
    const folder = folderOf(key)
    const node = await findNode()
    await install(folder, log, node.version, () => buildAddon(folder, name, node, log))
    const built = await compile(folder)
    return { key, module: url(`peers/${key}/built/peers/${key}/client.js`).href, node: { path: node.path, child: built } }
  },
})

const known = [
  own('odradek'),
  peer('platformatic'),
  peer('kafkajs'),
  addon('node-rdkafka', 'node-rdkafka'),
  own('java', missing),
  own('ceiling'),
  variant('ceiling-1', 'ceiling.ts?connections=1'),
  variant('odradek-0', 'odradek.ts?ioThreads=0'),
  variant('odradek-2', 'odradek.ts?ioThreads=2'),
]

/** Measured only where a scenario asks for them. */
export const variantKeys: readonly string[] = ['ceiling-1', 'odradek-0', 'odradek-2']

export const clientKeys: readonly string[] = known.map(({ key }) => key)

/** The client as it is here, or why it is not to be had. Installs a peer that is not installed yet. */
export async function prepare(key: string, log: Log): Promise<KnownClient | string> {
  const entry = known.find((each) => each.key === key)
  if (!entry) return `unknown; there are ${clientKeys.join(', ')}`
  try {
    return await entry.ready(log)
  } catch (error) {
    return (error as Error).message.trim().split('\n').slice(0, 3).join(' ')
  }
}
