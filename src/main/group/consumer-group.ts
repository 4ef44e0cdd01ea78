/** A member of a consumer group. */
export interface ConsumerGroup {
  readonly groupName: string
}
