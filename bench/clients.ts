/** Which clients there are, where their modules lie, and how they are made ready. A new one is a line here and a module. */
import { fileURLToPath } from 'node:url'
import { missing } from './clients/java.ts'
import { buildAddon, findNode } from './peers/addon.ts'
import { compile } from './peers/compile.ts'
import { install } from './peers/install.ts'

export interface KnownClient {
  key: string
  /** URL of a module with `load`, see `client.ts`. */
  module: string
  /** `child.ts` as compiled for it: what Node needs to read TypeScript itself would count as the client's memory. */
  child?: string
  /** Another Node that its runs take. */
  node?: string
}

type Log = (text: string) => void

interface Entry {
  key: string
  /** Throws with a reason when the client is not to be had. */
  ready(log: Log): Promise<KnownClient> | KnownClient
}

const url = (path: string) => new URL(path, import.meta.url)
const folderOf = (key: string) => fileURLToPath(url(`peers/${key}`))

const own = (key: string, file = `${key}.js`): Entry => ({
  key,
  async ready() {
    const built = await ownBuilt()
    return { key, module: new URL(`bench/clients/${file}`, built).href, child: fileURLToPath(new URL('bench/child.js', built)) }
  },
})

/** Runs as it is: Java has its own process, and this finds it from where it lies. */
const java: Entry = {
  key: 'java',
  ready() {
    const reason = missing()
    if (reason !== undefined) throw new Error(reason)
    return { key: 'java', module: url('clients/java.ts').href }
  },
}

/** All of our own clients, compiled once. */
let ownBuild: Promise<URL> | undefined
const ownBuilt = () => (ownBuild ??= compile(fileURLToPath(url('clients'))).then(() => url('built/')))

async function builtPeer(key: string): Promise<{ module: string; child: string }> {
  const folder = folderOf(key)
  await compile(folder)
  return { module: url(`peers/${key}/built/peers/${key}/client.js`).href, child: `${folder}/built/child.js` }
}

const peer = (key: string): Entry => ({
  key,
  async ready(log) {
    await install(folderOf(key), log)
    return { key, ...(await builtPeer(key)) }
  },
})

/** A peer with an addon that has to be compiled, and that runs on the Node for which that can be done. */
const addon = (key: string, name: string): Entry => ({
  key,
  async ready(log) {
    const folder = folderOf(key)
    const node = await findNode()
    await install(folder, log, node.version, () => buildAddon(folder, name, node, log))
    return { key, ...(await builtPeer(key)), node: node.path }
  },
})

const known = [
  own('odradek'),
  peer('platformatic'),
  peer('kafkajs'),
  addon('node-rdkafka', 'node-rdkafka'),
  java,
  own('ceiling'),
  own('ceiling-1', 'ceiling.js?connections=1'),
  own('odradek-0', 'odradek.js?ioThreads=0'),
  own('odradek-2', 'odradek.js?ioThreads=2'),
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
