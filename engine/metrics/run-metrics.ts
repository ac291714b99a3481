import { type BuiltInMetric, counter, data, gauge, rate, time } from './metric-info.js';

/** Metrics of users, iterations, connections and the generator itself. */
export const runMetrics = {
  iterations: { ...counter, definition: 'iterations that ended' },
  dropped_iterations: {
    ...counter,
    definition:
      'arrivals that found no free VU, when they happen, and iterations that `maxDuration` left undone, at its end',
  },
  interrupted_iterations: {
    ...counter,
    definition: 'iterations that the end of their scenario, or of the run, cut off',
  },
  iteration_duration: { ...time, definition: 'from the start of an iteration to its end' },
  iteration_lateness: {
    ...time,
    definition:
      'how late an iteration started: in open scenarios every iteration against its due time, in closed scenarios the first iteration of each user against its planned start',
  },
  group_duration: {
    ...time,
    definition: 'time from the start of a group of the script until its result has settled',
  },
  checks: { ...rate, definition: 'share of checks that held' },
  vus: { ...gauge, definition: 'active users' },
  vus_max: { ...gauge, definition: 'created users, active or not' },
  data_received: { ...data, definition: 'bytes that came in over sockets' },
  data_sent: { ...data, definition: 'bytes that went out over sockets' },
  generator_loop_delay: { ...time, definition: "how late workers' event loops are, asked every 10 ms" },
  generator_read_delay: { ...time, definition: 'how late threads of the native reader are, asked as often' },
  generator_gc_pause: { ...time, definition: 'pauses of workers for the collection of garbage' },
  generator_utilization: {
    kind: 'trend',
    contains: 'default',
    definition: 'busy share of a worker in each second, 0 to 1',
  },
  machine_loop_delay: {
    ...time,
    definition: "how late a thread is that has nothing to do: the machine's own noise",
  },
} as const satisfies Readonly<Record<string, BuiltInMetric>>;
