/**
 * Requests that ask the controller to do something with several topics at once, such as CreateTopics: finds the controller, asks
 * again for the topics whose outcome is open, and tells a repetition from a first time when the outcome of an attempt is unknown.
 */
import { KafkaError } from '../shared/errors.ts'
import type { CallResult, CallTarget } from '../shared/io-api.ts'
import { brokerError, ErrorCode } from '../shared/protocol/errors.ts'
import { ZERO_UUID } from './cluster-view.ts'
import { type AdminContext, ask, brokerRefusal, type CallLimits, requestTimeout, retrying, worthAnotherTry } from './retrying.ts'

/** One topic's part of the work. */
export interface TopicJob {
  topic: string
  state: 'open' | 'done' | 'failed'
  /** An attempt may have worked although no answer said so. */
  unsure: boolean
  topicId: string
  error: KafkaError | undefined
}

export interface TopicResult {
  topic: string | null
  topicId: string
  errorCode: number
  errorMessage: string | null
}

/** One such API. */
export interface TopicApi {
  apiKey: number
  name: string
  hasOldForm: boolean
  /** The request for these topics; `old` for brokers that refused the present form as UNSUPPORTED. */
  request(topics: string[], timeoutMs: number, old: boolean): unknown
  results(response: unknown): TopicResult[]
  /** The broker's error for what is done already. */
  doneAlready: number
  /** An error that is final here, although elsewhere it may pass. */
  final?: number
  /** Whether what is done already is what this job wanted; undefined: the cluster cannot tell yet. */
  isOurs(topic: string): Promise<{ topicId: string } | false | undefined>
}

export function openJob(topic: string): TopicJob {
  return { topic, state: 'open', unsure: false, topicId: ZERO_UUID, error: undefined }
}

/** Returns when every job is done or has failed. */
export async function runTopicJobs(
  context: AdminContext,
  api: TopicApi,
  jobs: readonly TopicJob[],
  limits: CallLimits,
): Promise<void> {
  const byTopic = new Map(jobs.map((job) => [job.topic, job]))
  // The first call of a client: it knows no broker of the cluster yet.
  if (jobs.length > 0 && context.metadata.controllerId < 0) await context.metadata.refresh(limits)
  let target: CallTarget = controller(context)
  let old = false
  await retrying(context, limits, api.name, async () => {
    const open = jobs.filter(({ state }) => state === 'open')
    if (open.length === 0) return undefined
    let result: CallResult
    try {
      result = await callOnce(context, api, target, open, old, limits)
    } catch (thrown) {
      const error = KafkaError.from(thrown, api.name)
      if (error.code === 'UNSUPPORTED' && api.hasOldForm && !old) {
        old = true
        return error
      }
      if (!worthAnotherTry(error) || limits.signal?.aborted) throw error
      target = 'any'
      return error
    }
    let again: KafkaError | undefined
    for (const answer of api.results(result.body)) {
      const job = answer.topic === null ? undefined : byTopic.get(answer.topic)
      if (job?.state === 'open') again = (await judge(api, job, answer, result.broker)) ?? again
    }
    if (again?.context.brokerErrorCode === ErrorCode.NOT_CONTROLLER) {
      await context.metadata.refresh(limits)
      target = controller(context)
    }
    return again ?? unanswered(api, jobs, result.broker)
  })
}

/** With KRaft any broker forwards, so that the controller that metadata names is just a live broker. */
function controller({ metadata }: AdminContext): CallTarget {
  return metadata.controllerId >= 0 ? metadata.controllerId : 'any'
}

async function callOnce(
  context: AdminContext,
  api: TopicApi,
  target: CallTarget,
  open: TopicJob[],
  old: boolean,
  limits: CallLimits,
): Promise<CallResult> {
  const topics = open.map(({ topic }) => topic)
  // The broker gives up a little earlier, so that its answer still arrives.
  const request = api.request(topics, Math.ceil(requestTimeout(context, limits) * 0.8), old)
  const answer = await ask(context, limits, api.name, target, api.apiKey, request)
  // Among several brokers an earlier one may have got the request before its connection was lost. This also covers attempts of ours
  // that failed: after one any broker is asked.
  if (target === 'any') for (const job of open) job.unsure = true
  return answer
}

/** Settles a job, or says why it stays open. */
async function judge(api: TopicApi, job: TopicJob, answer: TopicResult, broker: string): Promise<KafkaError | undefined> {
  const { errorCode, errorMessage, topicId } = answer
  if (errorCode === ErrorCode.NONE) {
    job.state = 'done'
    job.topicId = topicId
    return undefined
  }
  const error = brokerRefusal(api.name, { topic: job.topic, broker }, errorCode, errorMessage)
  if (errorCode === api.doneAlready && job.unsure) {
    const ours = await api.isOurs(job.topic)
    if (ours === undefined) return error
    if (ours !== false) {
      job.state = 'done'
      job.topicId = ours.topicId
      return undefined
    }
  } else if (brokerError(errorCode).retriable && errorCode !== api.doneAlready && errorCode !== api.final) {
    if (errorCode === ErrorCode.REQUEST_TIMED_OUT) job.unsure = true
    return error
  }
  job.state = 'failed'
  job.error = error
  return undefined
}

function unanswered(api: TopicApi, jobs: readonly TopicJob[], broker: string): KafkaError | undefined {
  const job = jobs.find(({ state }) => state === 'open')
  if (job === undefined) return undefined
  return new KafkaError(
    'PROTOCOL_ERROR',
    `Broker ${broker} left topic '${job.topic}' out of its answer to ${api.name}: what became of it is not known.`,
    {
      broker,
      topic: job.topic,
      api: api.name,
      retriable: true,
    },
  )
}
