/** The rules of the house that no compiler checks, each failing by its name: who may import whom, what is public, what is shipped. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const sources = globSync('src/**/*.ts', { cwd: root }).map((path) => path.replaceAll('\\', '/'))

/** Comments may name what code must not use. */
function codeOf(path: string): string {
  return read(path)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1')
}

/** What a file imports: paths from the root for its neighbours, names for packages. */
function importsOf(path: string): string[] {
  const specifiers = codeOf(path).matchAll(/(?:\bfrom|^import) '([^'\n]+)'|\bimport\('([^']+)'/gm)
  return Array.from(specifiers, ([, still, dynamic]) => {
    const specifier = (still ?? dynamic)!
    if (!specifier.startsWith('.')) return specifier
    return relative(root, join(root, path, '..', specifier)).replaceAll('\\', '/')
  })
}

/** `file -> import` for every import from within the project that `allowed` does not let through. */
function strays(files: string[], allowed: (imported: string) => boolean): string[] {
  expect(files).not.toEqual([])
  return files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => imported.startsWith('src/') && !allowed(imported))
      .map((imported) => `${file} -> ${imported}`),
  )
}

const within = (folder: string) => sources.filter((path) => path.startsWith(folder))
const testing = within('src/main/testing/')
const cli = within('src/main/cli/')
const main = within('src/main/').filter((path) => !testing.includes(path) && !cli.includes(path))

describe('arrows between folders', () => {
  it('the reader of imports sees them', () => {
    expect(importsOf('src/main/client.ts')).toEqual(
      expect.arrayContaining(['node:events', 'src/shared/errors.ts', 'src/main/io.ts']),
    )
    expect(importsOf('src/main/index.ts')).toContain('src/main/client.ts')
  })

  it('src/shared imports nothing from main or workers', () => {
    expect(strays(within('src/shared/'), (path) => path.startsWith('src/shared/'))).toEqual([])
  })

  it('src/workers imports only src/shared and itself', () => {
    expect(strays(within('src/workers/'), (path) => /^src\/(workers|shared)\//.test(path))).toEqual([])
  })

  it('src/main imports only src/shared and itself; it knows workers by file URL, and neither cli nor testing', () => {
    expect(strays(main, (path) => /^src\/shared\/|^src\/main\/(?!cli\/|testing\/)/.test(path))).toEqual([])
  })

  it('src/main/testing imports only the front door, src/shared and itself; what runs handlers also the parts of groups', () => {
    const isRunner = (path: string) => path.startsWith('src/main/testing/run-handler/')
    const allowed = /^src\/(shared\/|main\/testing\/|main\/index\.ts$)/
    const others = testing.filter((path) => !isRunner(path))
    expect(strays(others, (path) => allowed.test(path))).toEqual([])
    expect(strays(testing.filter(isRunner), (path) => allowed.test(path) || /^src\/main\/(?!cli\/)/.test(path))).toEqual([])
  })

  it('connection.ts imports no generated API file', () => {
    expect(importsOf('src/workers/connection.ts').filter((path) => path.includes('generated'))).toEqual([])
  })

  it('errors.ts imports nothing', () => {
    expect(importsOf('src/shared/errors.ts')).toEqual([])
  })

  it('only node-env.ts touches clocks, chance and sockets', () => {
    const forbidden =
      /Date\.now\(|performance\.now\(|new Date\(\)|Math\.random\(|(?<![.\w#])set(?:Timeout|Interval|Immediate)\((?!callback: )|['"]node:(?:net|tls|dgram|http|https|timers)\b/
    const exempt = (path: string) => /^src\/(main\/cli\/|shared\/node-env\.ts|shared\/protocol\/generat(e\.ts|or\/))/.test(path)
    expect(forbidden.test(codeOf('src/shared/node-env.ts'))).toBe(true)
    // types touch nothing
    const running = (path: string) => codeOf(path).replaceAll(/^import type .*$/gm, '')
    expect(sources.filter((path) => !exempt(path) && forbidden.test(running(path)))).toEqual([])
  })
})

/** The names that a module exports, types too. */
function exportedBy(path: string): string[] {
  const code = codeOf(path)
  const listed = Array.from(code.matchAll(/^export (?:type )?\{([^}]*)\}/gm), ([, names]) => names!.split(',')).flat()
  const declared = Array.from(
    code.matchAll(/^export (?:async )?(?:abstract )?(?:function|class|interface|type|const) (\w+)/gm),
    ([, name]) => name!,
  )
  return [...listed, ...declared]
    .map((name) => name.trim().replace(/^.* as |^type /, ''))
    .filter((name) => name !== '')
    .toSorted()
}

describe('front doors', () => {
  it('src/main/index.ts exports exactly these names', () => {
    expect(exportedBy('src/main/index.ts')).toEqual(
      [
        ...['Abortable', 'Admin', 'AdminOptions', 'BatchResult', 'Bytes', 'CloseOptions', 'ConnectionEvent', 'CreatedTopic'],
        ...['DataLossEvent', 'ErrorContext', 'FetchOptions', 'FetchPosition', 'FetchedBatch', 'FetchedRecord', 'HeaderInput'],
        ...['IoThreadEvent'],
        ...['Kafka', 'KafkaError', 'KafkaErrorCode', 'KafkaEvents', 'KafkaOptions', 'ListOffsetsOptions', 'ListedOffset'],
        ...[
          'NewPartitions',
          'NewTopic',
          'OffsetQuery',
          'Outcome',
          'PartitionerFunction',
          'Producer',
          'ProducerEvents',
          'ProducerOptions',
          'ProducerTopicOptions',
        ],
        ...['ProducerRecord', 'RecordHeader', 'RecordMetadata', 'SendCallback', 'ThrottleEvent'],
        ...['Action', 'ActionList', 'AdaptedEvent', 'AdaptiveOptions', 'CommitErrorEvent', 'ConsumedRecord', 'ConsumerGroup'],
        ...['ConsumerGroupOptions', 'FlowMetrics', 'GateEvent', 'GateFailedEvent', 'GroupEvents', 'GroupHandler', 'GroupMetrics'],
        ...['GroupReport', 'GroupStopOptions', 'HandlerContext', 'HandlerErrorEvent', 'HandlerGiveUp', 'HandlerModule'],
        ...[
          'HandlerResult',
          'HandlerThreadNews',
          'HandlerTransaction',
          'LimitedEvent',
          'OffsetResetEvent',
          'OffsetResetPolicy',
          'PartitionErrorEvent',
        ],
        ...['PartitionMetrics', 'PartitionReport', 'PauseWhen', 'PulledBatch', 'RateLimitOptions', 'StalledEvent', 'StopReason'],
        ...['ThreadContext', 'TopicPartition'],
        ...['OAuthToken', 'SaslOptions', 'SaslSession', 'TlsOptions', 'TokenRequest'],
        ...['ScramAlteration', 'UserScramCredentials'],
        ...['Transaction', 'TransactionFate', 'TransactionOptions', 'TransactionPoolOptions', 'TransactionProducerOptions'],
      ].toSorted(),
    )
  })

  it('src/main/testing/index.ts exports exactly these names', () => {
    expect(exportedBy('src/main/testing/index.ts')).toEqual(
      [
        ...[
          'BrokerOptions',
          'BrokerTopic',
          'DelayOptions',
          'EmbeddedBroker',
          'FailOptions',
          'Fault',
          'FaultDesk',
          'FaultTarget',
          'GroupOptions',
          'TransactionOptions',
        ],
        ...['LogFacts', 'LossOptions', 'PendingFault', 'RequestCount', 'ThrottleOptions', 'TopicConfigs', 'startBroker'],
        ...['BrokerClock', 'CorruptOptions', 'HitOptions', 'MaxVersions', 'TruncateOptions'],
        ...['CutFrom', 'IsolateOptions'],
        ...['ReceivedBatch', 'ReceivedRequest', 'RequestFilter'],
        ...['ClusterAccess', 'ExpectedBytes', 'ExpectedRecord', 'HandledRecord', 'HandlerCall', 'HandlerCommit', 'HandlerRecord'],
        ...['HandlerRun', 'LagQuestion', 'Mark', 'RunHandlerOptions', 'RunnableHandler', 'TestScope', 'WaitOptions'],
        ...['brokerFixture', 'createTopicFor', 'mark', 'producedSince', 'runHandler', 'startBrokerFor'],
        ...['waitForLag0', 'waitForProduced', 'wasProduced'],
        ...['BrokerSasl', 'BrokerTls', 'CertificateAuthority', 'CertificateOptions', 'KeyPair', 'SaslMechanism'],
        ...['TokenOwner', 'ValidateToken'],
      ].toSorted(),
    )
  })

  it('nobody exports everything of another file', () => {
    expect(sources.filter((path) => /^export \*/m.test(codeOf(path)))).toEqual([])
  })

  it('package.json opens the front doors only', () => {
    const { exports } = JSON.parse(read('package.json')) as { exports: Record<string, unknown> }
    expect(Object.keys(exports).toSorted()).toEqual(['.', './package.json', './testing'])
  })
})

describe('options are data', () => {
  const client = [...main, ...within('src/workers/'), ...within('src/shared/')].filter((path) => !path.includes('/generat'))

  it('nothing of the client reads files, the environment or the network on the word of an option, or runs programs', () => {
    const reaching = /^(node:)?(fs|fs\/promises|child_process|vm|http|https|http2|dgram|repl)$/
    const imports = client.flatMap((path) => importsOf(path).map((imported) => [path, imported] as const))
    const found = imports.filter(([, imported]) => reaching.test(imported)).map(([path, imported]) => `${path} -> ${imported}`)
    // whether there is a file of handlers, whose address is the user's own code
    expect(found).toEqual(['src/main/group/thread-handler.ts -> node:fs/promises'])
    expect(client.filter((path) => /process\.env\b|\beval\(|new Function\(/.test(codeOf(path)))).toEqual([])
  })

  it('asks nobody over HTTP but the issuer of tokens that an option names', () => {
    expect(client.filter((path) => /\bfetch\(url\b/.test(codeOf(path)))).toEqual(['src/main/security/oidc.ts'])
  })

  it('compares what proves something in constant time', () => {
    const comparing = within('src/').filter((path) => /scram\.ts$/.test(path) && /signature|storedKey\)/.test(codeOf(path)))
    expect(comparing).toEqual(expect.arrayContaining(['src/workers/sasl/scram.ts', 'src/main/testing/broker/security/scram.ts']))
    for (const path of comparing) expect(codeOf(path), path).toMatch(/\btimingSafeEqual\(/)
  })
})

describe('what is shipped', () => {
  interface Locked {
    dev?: boolean
    hasInstallScript?: boolean
  }
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }
  const shipped = Object.entries(packages).filter(([, { dev }]) => !dev)

  it('no shipped dependency has an install script', () => {
    expect(shipped.map(([path]) => path)).toContain('node_modules/valibot')
    expect(shipped.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([])
  })

  it('the package itself runs nothing when it is installed', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([])
  })

  it('package files name no path outside the project', () => {
    const texts = ['package.json', 'README.md', ...globSync('{docs,src,bench,examples}/**/*.{md,ts,json}', { cwd: root })]
    const outside = new RegExp(`${['', 'work', ''].join('/')}(?:main|shared|notes)`)
    expect(texts.filter((path) => existsSync(join(root, path)) && outside.test(read(path)))).toEqual([])
    const links = texts.filter((path) => path.endsWith('.md') && existsSync(join(root, path)))
    expect(links.filter((path) => /\.\.\/shared\//.test(read(path)))).toEqual([])
  })
})
