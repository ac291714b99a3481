import { type BuiltInMetric, counter, data, gauge, rate, time } from './metric-info.js';

/** Metrics of users, iterations, connections and the generator itself. */
export const runMetrics = {
  iterations: {
    ...counter,
    label: 'iterations',
    definition: 'iterations that ended',
    shown: { full: ['count'] },
  },
  dropped_iterations: {
    ...counter,
    label: 'iterations dropped',
    definition:
      'arrivals that found no free VU, when they happen, and iterations that `maxDuration` left undone, at its end',
    shown: { full: ['count'] },
  },
  interrupted_iterations: {
    ...counter,
    label: 'iterations interrupted',
    definition: 'iterations cut off by the end of their scenario or of the run',
    shown: { full: ['count'] },
  },
  iteration_duration: { ...time, definition: 'from the start of an iteration to its end' },
  iteration_lateness: {
    ...time,
    definition:
      'how late an iteration started: in open scenarios every iteration against its due time, in closed scenarios the first iteration of each user against its planned start',
  },
  group_duration: {
    ...time,
    splitBy: ['scenario', 'group'],
    definition: 'time from the start of a group of the script until its result has settled',
  },
  checks: { ...rate, definition: 'share of checks that held' },
  vus: { ...gauge, definition: 'active users' },
  vus_max: { ...gauge, definition: 'created users, active or not' },
  data_received: {
    ...data,
    label: 'data received',
    definition: 'bytes received over sockets',
    shown: { full: ['count'] },
  },
  data_sent: {
    ...data,
    label: 'data sent',
    definition: 'bytes sent over sockets',
    shown: { full: ['count'] },
  },
  generator_loop_delay: { ...time, definition: "lateness of workers' event loops, probed every 10 ms" },
  generator_read_delay: { ...time, definition: "lateness of the native reader's threads, probed as often" },
  generator_gc_pause: { ...time, definition: 'garbage collection pauses of workers' },
  generator_utilization: {
    kind: 'trend',
    contains: 'default',
    definition: 'share of each second in which a worker was busy, 0 to 1',
  },
  machine_loop_delay: {
    ...time,
    definition: "lateness of an idle thread: the machine's own noise",
  },
} as const satisfies Readonly<Record<string, BuiltInMetric>>;
