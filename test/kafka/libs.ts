/**
 * Kafka's jars, fetched by Maven once and kept in the cache, together with an archive of pre-parsed classes that halves
 * the start of every JVM. Owns the cache's layout; does not run brokers for tests.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheDirectory, withLock } from './cache.ts'
import { KafkaUnavailable, kafkaVersion } from './cluster.ts'
import { findJava, finish, tail } from './java.ts'
import { watch } from './watchdog.ts'

export interface Libs {
  /** The directory of the jars. */
  jars: string
  /** The class archive for this Java; whether it exists is for the user to see (`jvmFlags` does). */
  archive: string
}

const DOWNLOAD_TIMEOUT = 10 * 60_000

// slf4j-simple writes to standard error and needs no configuration file; its version is that of the slf4j-api that Kafka uses.
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>odradek</groupId>
  <artifactId>kafka-for-tests</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${kafkaVersion}</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>${kafkaVersion}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
  <build><pluginManagement><plugins><plugin>
    <groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId><version>3.8.1</version>
  </plugin></plugins></pluginManagement></build>
</project>
`

function layout(): Libs & { home: string; lock: string } {
  const home = join(cacheDirectory(), kafkaVersion)
  mkdirSync(home, { recursive: true })
  const build = findJava().build.replace(/[^\w.+-]/g, '_')
  return { home, jars: join(home, 'libs'), archive: join(home, `classes-${build}.jsa`), lock: join(home, 'lock') }
}

/** Throws KafkaUnavailable unless the jars are there or can be fetched. */
export function checkLibs(): void {
  if (process.platform === 'win32') throw new KafkaUnavailable('running Kafka from its jars needs a POSIX system')
  if (existsSync(layout().jars)) return
  const { error, status } = spawnSync('mvn', ['-v'], { stdio: 'ignore', timeout: 20_000 })
  if (error || status !== 0) throw new KafkaUnavailable('Maven (mvn) is not there to fetch the jars of Kafka')
}

async function download(home: string, jars: string): Promise<void> {
  const pomFile = join(home, 'pom.xml')
  const partial = join(home, `libs-${process.pid}.partial`)
  writeFileSync(pomFile, pom)
  const maven = spawn('mvn', ['-q', '-B', '-f', pomFile, 'dependency:copy-dependencies', `-DoutputDirectory=${partial}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  watch(maven)
  try {
    const { code, stdout, stderr } = await finish(maven, '', DOWNLOAD_TIMEOUT)
    if (code !== 0) throw new KafkaUnavailable(`Maven could not fetch Kafka ${kafkaVersion}:\n${tail(stdout + stderr)}`)
    const names = readdirSync(partial)
    for (const name of ['kafka_2.13', 'kafka-clients', 'kafka-tools']) {
      if (!names.includes(`${name}-${kafkaVersion}.jar`))
        throw new KafkaUnavailable(`Maven did not bring ${name}-${kafkaVersion}.jar`)
    }
    // Complete or not there at all: the rename is what makes an interrupted download harmless.
    if (!existsSync(jars)) renameSync(partial, jars)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}

/**
 * The jars, fetched when they are not in the cache yet. `train` makes the class archive at the path that it is given and is
 * called once a Java build, under the same lock; that it fails costs speed only.
 */
export async function kafkaLibs(
  onProgress: (what: string) => void,
  train?: (jars: string, archive: string) => Promise<void>,
): Promise<Libs> {
  const { home, jars, archive, lock } = layout()
  const complete = () => existsSync(jars) && (!train || existsSync(archive))
  if (complete()) return { jars, archive }
  const onWait = () => onProgress('waiting for another process that prepares Kafka')
  await withLock(lock, DOWNLOAD_TIMEOUT, onWait, async () => {
    if (!existsSync(jars)) {
      onProgress(`fetching Kafka ${kafkaVersion} with Maven`)
      await download(home, jars)
    }
    if (train && !existsSync(archive)) {
      onProgress('preparing the class archive (once)')
      const partial = `${archive}.${process.pid}.partial`
      try {
        await train(jars, partial)
        renameSync(partial, archive)
      } catch (error) {
        onProgress(`no class archive, starts stay slow: ${(error as Error).message}`)
        writeFileSync(archive, '') // the JVM passes over it, and the next start does not try again
      } finally {
        rmSync(partial, { force: true })
      }
    }
  })
  return { jars, archive }
}
