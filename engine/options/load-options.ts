import * as v from 'valibot';
import { stages } from '../executors/ramping-vus.js';
import { duration, field, iterations, plainObject, text, textMap, vus, wholeNumber } from '../schema.js';
import { instant, yesOrNo } from './fields.js';
import { ALL, commandOption, LOADING, option, RUNNING, SERVING } from './option.js';
import { executionSegment, executionSegmentSequence, share } from './share-option.js';

/** Default time limit of `setup` and `teardown`, as in k6, in milliseconds. */
const LIFECYCLE_TIMEOUT = 60_000;
const SUMMARY_TIMEOUT = 120_000;

/** Maximum number of worker threads of one run. */
const MOST_WORKERS = 512;

const scenarioMap = field('an object with at least one scenario', (input) => {
  const map = plainObject(input);
  return map && Object.keys(map).length > 0 ? map : undefined;
});

const skip = v.optional(yesOrNo, false);

/** Options of the scenario file, and of the run's lifecycle. */
export const scenarioFileOptions = {
  config: commandOption({
    kind: 'text',
    flag: '-c, --config <file>',
    heading: 'The scenario:',
    commands: ALL,
    meaning: "JSON file of options, below the scenario's own",
  }),
  env: commandOption({
    kind: 'pairs',
    flag: '-e, --env <NAME=value>',
    commands: ALL,
    meaning: 'set __ENV.NAME for the scenario; repeatable',
    docs: "`__ENV.NAME` of the scenario, above the environment's own; repeatable",
  }),
  secretSources: option(v.optional(v.array(text)), {
    kind: 'list',
    flag: '--secret-source <source>',
    commands: SERVING,
    meaning: 'secrets for k6/secrets: mock=NAME=VALUE or file=PATH; repeatable',
    docs: 'secrets for `k6/secrets` of a [k6 script](k6.md): `mock=NAME=VALUE,…` or `file=PATH`; repeatable',
  }),
  offline: option(skip, {
    kind: 'switch',
    flag: '--offline',
    commands: ALL,
    meaning: 'import scripts from the network only if they were fetched before',
    docs: 'import scripts from the network only if they were [fetched before](k6.md#scripts-from-the-network); a flag or variable, not for the scenario itself',
  }),
  seed: option(v.optional(wholeNumber(0, Number.MAX_SAFE_INTEGER)), {
    kind: 'number',
    flag: '--seed <number>',
    commands: ALL,
    meaning: 'make random(), data sets and arrivals repeatable',
    docs: 'makes `random()`, the order of data sets and random arrivals repeatable',
    otherwise: 'a new one, in the summary',
  }),
  workers: option(v.optional(wholeNumber(1, MOST_WORKERS)), {
    kind: 'number',
    flag: '--workers <number>',
    commands: LOADING,
    meaning: 'worker threads',
    docs: 'worker threads; figures do not depend on their number',
    otherwise: 'cores less one',
  }),
  share: option(v.optional(share), {
    kind: 'text',
    flag: '--share <i/n>',
    commands: RUNNING,
    meaning: 'the ith of n machines that are one run, such as 2/3',
    docs: 'the ith of n machines that are [one run](scale.md), such as `2/3`; `job/3` takes i from an indexed Kubernetes Job',
    otherwise: 'all of the run',
  }),
  startAt: option(v.optional(instant), {
    kind: 'text',
    flag: '--start-at <time>',
    commands: RUNNING,
    meaning: 'start the load at this instant, such as 2026-12-01T08:00:00Z',
    docs: 'start the load at this instant, such as `2026-12-01T08:00:00Z`; for [several machines](scale.md) with good clocks',
  }),
  startTogether: option(v.optional(text), {
    kind: 'text',
    flag: '--start-together <place>',
    commands: RUNNING,
    meaning: 'meet the other shares at a folder or at share 1, host:port',
    docs: 'meet the other [shares](scale.md) at a common folder or at the address of share 1, as `host:port`, and start with them',
  }),
  executionSegment: option(v.optional(executionSegment), {
    kind: 'text',
    flag: '--execution-segment <from:to>',
    hidden: true,
    commands: RUNNING,
    meaning: "k6's way to say --share, such as 1/3:2/3",
    docs: "k6's way to say `share`, such as `1/3:2/3`",
  }),
  executionSegmentSequence: option(v.optional(executionSegmentSequence), {
    kind: 'text',
    flag: '--execution-segment-sequence <limits>',
    hidden: true,
    commands: RUNNING,
    meaning: "k6's list of all segments, which must be equal",
    docs: "k6's list of all segments, which must be equal, such as `0,1/3,2/3,1`",
  }),
  noSetup: option(skip, {
    kind: 'switch',
    flag: '--no-setup',
    commands: RUNNING,
    meaning: 'do not call setup()',
  }),
  noTeardown: option(skip, {
    kind: 'switch',
    flag: '--no-teardown',
    commands: RUNNING,
    meaning: 'do not call teardown()',
  }),
  noThresholds: option(skip, {
    kind: 'switch',
    flag: '--no-thresholds',
    commands: RUNNING,
    meaning: 'do not evaluate the thresholds',
  }),
  allowEmptyThresholds: option(skip, {
    kind: 'switch',
    flag: '--allow-empty-thresholds',
    commands: RUNNING,
    meaning: 'pass thresholds without a sample, as k6 does',
    docs: 'pass [thresholds](scripting.md#thresholds) without a sample, as k6 does',
  }),
};

/** Options of the load. */
export const loadOptions = {
  vus: option(v.optional(vus), {
    kind: 'number',
    flag: '-u, --vus <number>',
    heading: "The load, instead of the scenario's own:",
    commands: LOADING,
    meaning: 'virtual users; alone: one iteration each',
    docs: 'shortcut: virtual users; alone, each has one iteration',
  }),
  duration: option(v.optional(duration(1000)), {
    kind: 'time',
    flag: '-d, --duration <time>',
    commands: LOADING,
    meaning: 'duration of the load, such as 30s or 10m',
    docs: 'shortcut: how long the users iterate; with `iterations`, the time limit of those',
  }),
  iterations: option(v.optional(iterations), {
    kind: 'number',
    flag: '-i, --iterations <number>',
    commands: LOADING,
    meaning: 'iterations in total, shared by the users',
    docs: 'shortcut: iterations shared by the users',
  }),
  stages: option(v.optional(stages), {
    kind: 'stages',
    flag: '-s, --stage <time:users>',
    commands: LOADING,
    meaning: 'ramp to this number of users in this time; repeatable',
    docs: 'shortcut: ramp to this number of users in this time, such as `30s:20`; repeat the flag for each stage, or list them as `30s:20,1m:50` in the variable',
  }),
  scenarios: option(v.optional(scenarioMap), {
    meaning: 'the scenarios of the load by name',
    docs: 'the scenarios of the load by name, see [executors.md](executors.md)',
  }),
  minIterationDuration: option(v.optional(duration(), 0), {
    kind: 'time',
    flag: '--min-iteration-duration <time>',
    hidden: true,
    commands: RUNNING,
    meaning: 'shortest iteration; after a shorter one, the user waits for the rest',
  }),
  connectBackoff: option(v.optional(duration(), 1000), {
    kind: 'time',
    meaning: 'longest pause after failed connections',
    docs: 'longest pause between iterations of a closed load while its server [cannot be reached](errors.md#a-server-that-is-away); `0s`: none',
  }),
  warmup: option(v.optional(duration(), 0), {
    kind: 'time',
    meaning: 'delay of the steady state after the load reaches its maximum',
    docs: 'delay of the steady state after the load reaches its maximum, see [executors.md](executors.md#steady-state-and-warm-up)',
  }),
  setupTimeout: option(v.optional(duration(1), LIFECYCLE_TIMEOUT), {
    kind: 'time',
    flag: '--setup-timeout <time>',
    hidden: true,
    commands: RUNNING,
    meaning: 'time limit of setup()',
    docs: 'time limit of `setup()`, and of `vuSetup()` for each user',
  }),
  teardownTimeout: option(v.optional(duration(1), LIFECYCLE_TIMEOUT), {
    kind: 'time',
    flag: '--teardown-timeout <time>',
    hidden: true,
    commands: RUNNING,
    meaning: 'time limit of teardown()',
    docs: 'time limit of `teardown()`, and of `vuTeardown()` for each user',
  }),
  handleSummaryTimeout: option(v.optional(duration(1), SUMMARY_TIMEOUT), {
    kind: 'time',
    meaning: 'time limit of handleSummary()',
    docs: 'time limit of `handleSummary()`',
  }),
};

/** Options of the results. */
export const resultOptions = {
  thresholds: option(v.optional(field('an object with a list of conditions for each metric', plainObject), {}), {
    meaning: 'conditions by metric',
    docs: 'conditions by metric, see [scripting.md](scripting.md#thresholds)',
  }),
  tags: option(v.optional(textMap, {}), {
    kind: 'pairs',
    flag: '--tag <name=value>',
    heading: 'The results:',
    commands: LOADING,
    meaning: 'added to every sample; repeatable',
    docs: 'added to every sample; repeat the flag, or list them as `a=1,b=2` in the variable',
  }),
  labels: option(v.optional(textMap, {}), {
    kind: 'pairs',
    flag: '--label <name=value>',
    commands: LOADING,
    meaning: 'written into the summary, such as gpu=H800; repeatable',
    docs: 'written into the summary to tell runs apart, such as `gpu=H800`; given like `tags`',
  }),
};
