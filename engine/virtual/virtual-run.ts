import { PLAIN } from '../client/transport/transport.js';
import { configError, ExitCode } from '../errors.js';
import type { ClosedLoad } from '../executors/load.js';
import { Aggregator } from '../metrics/aggregator.js';
import type { Summary } from '../metrics/snapshot.js';
import { viewsOf } from '../metrics/values.js';
import { makePlan, type Plan } from '../options/plan.js';
import { Timeline } from '../options/timeline.js';
import { type CardOptions, longestSequence, planCard, servedCard, servedEngine } from '../simulator/index.js';
import { summarize } from '../summary/summarize.js';
import { askFrom } from './prompt-source.js';
import { REPORT_INTERVAL, type RecordedRequest, VirtualRecorder } from './virtual-recorder.js';
import { type Ask, playUsers } from './virtual-users.js';

/** Definition of a run in virtual time. */
export interface VirtualRun {
  /** Name of the scenario in its record. */
  readonly name: string;
  /** Simulated server, without speculative decoding. */
  readonly card: Omit<CardOptions, 'speculation'>;
  /** Single scenario with a closed load, as in a scenario file. */
  readonly scenario: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Source of prompts: a data set, or a function of the iteration. */
  readonly prompts: { readonly file: string; readonly sample?: number } | ((iteration: number) => Ask);
  /** Think time between an answer and the next request, in milliseconds. Default: 0. */
  readonly think?: number;
  readonly seed: number;
}

/** Note in the record of every such run. */
const NOTE = 'users and server were simulated in virtual time: nothing was measured';

const NAME = 'virtual';

/**
 * Runs a closed load against a simulated card in virtual time. The virtual users see what users of `tokenswarm simulate
 * --card` would, except for the time of sockets and threads. The record is that of a run, marked as simulated. Throws a
 * UserError where the model does not fit, or where options or the data set are invalid.
 */
export function virtualRun({ name, card, scenario, labels, prompts, think = 0, seed }: VirtualRun): Summary {
  const startedAt = new Date().toISOString();
  const engine = planCard(card);
  const { model } = engine.deployment;
  const plan = planOf({ scenarios: { [NAME]: scenario }, labels, seed, model: model.name });
  const load = closedLoadOf(plan);
  const aggregator = new Aggregator(REPORT_INTERVAL);
  const schedule = servedCard<RecordedRequest>(engine);
  const recorder = new VirtualRecorder({
    ...{ aggregator, scenario: NAME, model: model.name, maxVus: load.maxVus, steady: plan.steady, think },
    engine: () => schedule.load,
  });
  const prefixBlock = engine.prefixCaching ? engine.blockSize : undefined;
  const ask =
    typeof prompts === 'function'
      ? prompts
      : askFrom({ ...prompts, seed, scenario: NAME, users: load.maxVus, prefixBlock });
  const longest = longestSequence(engine);
  const endedAt = playUsers({ load, think, schedule, ask: (n) => withRoom(ask(n), longest), observer: recorder });
  recorder.close(endedAt);
  const views = viewsOf(plan.steady, endedAt);
  const timeline = new Timeline(plan, 1);
  timeline.over(0, NAME, endedAt);
  const summary = summarize({
    ...{ plan, timeline, aggregator, views, custom: {}, thresholds: [] },
    ...{ resolved: { targets: [], transport: PLAIN, warnings: [] }, workers: 0, operator: [], datasets: [] },
    server: recorder.server,
    run: {
      ...{ scenario: name, startedAt, outcome: 'completed', exitCode: ExitCode.ok, seed },
      ...{ labels: plan.options.labels, tags: plan.options.tags, missing: [] },
    },
  });
  const { quality } = summary;
  const simulates = servedEngine(engine).card?.record;
  return {
    ...summary,
    target: { baseUrl: 'virtual time, no server', model: model.name, simulated: true, ...(simulates && { simulates }) },
    quality: { ...quality, notes: [NOTE, ...quality.notes] },
  };
}

function planOf(options: Readonly<Record<string, unknown>>): Plan {
  const layer = { name: 'the run', options, folder: process.cwd(), placeOf: (path: string) => path };
  return makePlan({ layers: [layer], functions: ['default'], metrics: {} }, () => undefined);
}

/**
 * Limits an answer to the room in the longest sequence. Servers do so too. Throws a UserError for a prompt without any.
 */
function withRoom(ask: Ask, longest: number): Ask {
  const room = longest - ask.promptTokens - 1;
  if (ask.tokens <= room) return ask;
  if (room >= 1) return { ...ask, tokens: room };
  throw configError(
    'the prompts',
    `a prompt of ${ask.promptTokens} tokens leaves no room among the ${longest} of the longest sequence`,
  );
}

function closedLoadOf({ scenarios }: Plan): ClosedLoad {
  const load = scenarios[0]?.load;
  if (load?.kind === 'closed') return load;
  throw configError(
    `scenarios.${NAME}.executor`,
    'virtual time supports users only',
    'use an executor of users, not of arrivals',
  );
}
