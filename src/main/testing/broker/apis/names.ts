/** The APIs that the broker answers, by Kafka's names, for those who must not load the handlers. */
export const handledApis: ReadonlyMap<string, number> = new Map([
  ['Produce', 0],
  ['Fetch', 1],
  ['ListOffsets', 2],
  ['Metadata', 3],
  ['FindCoordinator', 10],
  ['ApiVersions', 18],
  ['CreateTopics', 19],
  ['DeleteTopics', 20],
  ['InitProducerId', 22],
  ['OffsetForLeaderEpoch', 23],
  ['DescribeConfigs', 32],
  ['CreatePartitions', 37],
  ['DescribeCluster', 60],
])
