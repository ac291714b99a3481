import type { Api } from '../../api/index.js';
import { PROTOCOLS, type ProtocolName } from '../../client/protocols/index.js';
import { askUnit, formatDuration, parseDuration, sleep } from '../../clock.js';
import { UserError } from '../../errors.js';
import type { SummaryReporters } from '../../metrics/summary-reporters.js';
import { randomSource } from '../../random.js';
import { checkFields, plainObject, show } from '../../schema.js';
import { httpFor } from '../http/index.js';
import { type CallRequest, call } from '../llm-call.js';
import { replayFor } from '../session/replay-api.js';
import { sessionFor } from '../session/session-api.js';
import type { Thread } from '../thread-context.js';
import { calling, type VuState } from '../vu-state.js';
import { recordCheck } from './check.js';
import { conversationOver } from './conversation-api.js';
import { ownMetrics } from './custom-metrics.js';
import { datasetFor } from './dataset-api.js';
import { envOf } from './env-api.js';
import { executionOf } from './execution-api.js';
import { fillerFor } from './filler-api.js';
import { groupFor } from './group.js';
import { peakUsers } from './peak-users.js';
import { sharedFor } from './shared-array.js';
import { syntheticFor } from './synthetic-api.js';
import { traceRowFor } from './trace-row.js';

/** API of one VU: the functions of engine/api, bound to it. */
export function bindApi(vu: VuState): Api {
  const { thread } = vu;
  const exec = executionOf(vu);
  const calls = callsOf(vu);
  return {
    ...calls,

    conversation: conversationOver(callOf(vu, 'chat', 'say')),

    session: sessionFor(vu),

    replay: replayFor(vu),

    env: envOf(vu),

    check: checkFor(vu),

    sleep: sleepFor(vu),

    group: groupFor(vu),

    fail(message = 'fail() was called') {
      throw new Error(message);
    },

    abort: exec.test.abort,

    random: () => vu.random(),

    randomSeed(seed) {
      if (!Number.isInteger(seed))
        throw new TypeError(`randomSeed: expected a whole number, got ${JSON.stringify(seed)}`);
      vu.random = randomSource(seed);
      vu.isSeeded = true;
    },

    dataset: datasetFor(vu),

    synthetic: syntheticFor(vu),

    ...fillerFor(vu),

    traceRow: traceRowFor(vu),

    ...sharedFor(vu),

    peakUsers,

    exec,

    textSummary(data, options = {}) {
      checkFields('textSummary', options, ['summary', 'indent', 'enableColors']);
      const { summary, indent = '', enableColors = data.state.isStdOutTTY } = options;
      const text = report(thread, 'textSummary', (reporters) => reporters.text(summary, enableColors));
      return text.replace(/^(?=.)/gm, indent);
    },

    reports: (_data, outputs) => report(thread, 'reports', (reporters) => reporters.files(outputs)),

    http: httpFor(vu),

    ...ownMetrics(vu),
  };
}

function checkFor(vu: VuState): Api['check'] {
  return (value, conditions, tags) => {
    if (isPromise(value)) throw new TypeError('check got a promise: await the request before it');
    if (plainObject(conditions) === undefined) {
      const example = 'check(answer, { answered: (a) => a.ok })';
      throw new TypeError(`check: expected conditions by name, such as ${example}, got ${show(conditions)}`);
    }
    let all = true;
    for (const [name, condition] of Object.entries(conditions)) {
      const found: unknown = typeof condition === 'function' ? condition(value) : condition;
      if (isPromise(found)) throw new TypeError(`check "${name}": await the value first; a check cannot wait`);
      if (!recordCheck(vu, name, Boolean(found), tags)) all = false;
    }
    return all;
  };
}

function isPromise(value: unknown): boolean {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function';
}

/** Seconds that are hardly meant as such. */
const LONG_SLEEP = 500;

function sleepFor(vu: VuState): Api['sleep'] {
  return (time) =>
    calling(vu, 'sleep', async () => {
      const ms = typeof time === 'number' ? time * 1000 : parseDuration(time);
      if (ms === undefined || !(ms >= 0)) {
        throw new TypeError(
          `sleep: expected seconds or a text such as "500ms", got ${JSON.stringify(time)}${askUnit(time)}`,
        );
      }
      if (typeof time === 'number' && time >= LONG_SLEEP) {
        vu.thread.recorder?.warn(
          `sleep(${time}) waits ${formatDuration(ms)}: a number is seconds; for milliseconds write sleep('${time}ms')`,
        );
      }
      await sleep(vu.thread.clock, ms, vu.signal);
    });
}

/** Calls the reporters of a summary. Their UserError becomes an error at the script's call. */
function report<Result>({ reporters }: Thread, what: string, make: (reporters: SummaryReporters) => Result): Result {
  if (!reporters) throw new Error(`${what}() works in handleSummary() only, and only where there are reporters`);
  try {
    return make(reporters);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new Error(`${what}(): ${error.message}${error.hint ? ` (${error.hint})` : ''}`);
  }
}

/** One function for each protocol. */
function callsOf(vu: VuState): Pick<Api, ProtocolName> {
  const calls = (Object.keys(PROTOCOLS) as ProtocolName[]).map((name) => [name, callOf(vu, name)]);
  return Object.fromEntries(calls) as Pick<Api, ProtocolName>;
}

/** Function of a protocol. `what` is its name for the script. */
function callOf(vu: VuState, protocol: ProtocolName, what: string = protocol) {
  return (request: CallRequest) => calling(vu, what, () => call(vu, protocol, request));
}
