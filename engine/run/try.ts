import type { Exchange } from '../client/exchange.js';
import type { HttpExchange } from '../client/http/http-exchange.js';
import type { Found } from '../client/preflight.js';
import type { AnyRequest } from '../client/protocols/protocol.js';
import { Secrets } from '../client/secrets.js';
import { inTurn, parseTargets } from '../client/target.js';
import { Transport } from '../client/transport/transport.js';
import { Datasets } from '../data/dataset.js';
import { UserError } from '../errors.js';
import { outlivedText } from '../metrics/outlived.js';
import type { GivenBy, Settings } from '../options/settings.js';
import { type TimingOptions, timingOf } from '../options/timing.js';
import { compile } from '../script/evaluate.js';
import { placeOf, userStack } from '../vu/script-error.js';
import { sessionRouting } from '../vu/session/session-routing.js';
import type { Thread } from '../vu/thread-context.js';
import { Vu, type VuHook } from '../vu/vu.js';
import { fromFault } from '../workers/fault.js';
import { call, callHook } from '../workers/thread/hook-calls.js';
import { idleThread } from '../workers/thread/idle-thread.js';
import { effectiveOptions } from './effective-options.js';
import { prepare } from './prepare.js';
import { findTargets } from './resolve-targets.js';

/** One request of a try, with every instant of its answer. */
export interface TriedRequest {
  readonly request: AnyRequest;
  readonly exchange: Exchange;
}

/** Result of one iteration of one VU. */
export interface TryResult {
  readonly targets: readonly Found[];
  readonly scenario: string;
  readonly requests: readonly TriedRequest[];
  /** Plain HTTP requests, redirects included. */
  readonly httpRequests: readonly HttpExchange[];
  /** Error thrown by the iteration, with the user's place in the file. */
  readonly error: { readonly stack: string; readonly where: string | undefined } | undefined;
  /** Sentence on calls that outlived the iteration. Undefined without any. */
  readonly outlived: string | undefined;
  readonly warnings: readonly string[];
  /** Takes keys out of text to be shown. */
  readonly redact: (text: string) => string;
}

/**
 * Runs `setup`, one iteration of the first scenario, and `teardown`. The VU's hooks are included, all in this thread.
 * Throws a UserError when it does not come to the iteration.
 */
export async function tryOnce(
  file: string | URL,
  settings: Settings = {},
  by: GivenBy = 'program',
  given: TimingOptions = {},
): Promise<TryResult> {
  const timing = timingOf(given);
  const { clock } = timing;
  const { bundle, plan, functions, env, seed, datasets, warnings } = await prepare(file, settings, by, timing);
  try {
    const resolved = await findTargets(plan, env, clock);
    const { targets, transport } = resolved;
    const servers = parseTargets(targets);
    const secrets = servers[0]?.secrets ?? new Secrets();
    const [requests, httpRequests]: [TriedRequest[], HttpExchange[]] = [[], []];
    const thread: Thread = {
      ...idleThread({ ...plan, clock, file: bundle.file, env, seed }),
      tags: plan.options.tags,
      http: plan.http,
      vus: plan.vus,
      datasets: new Datasets(seed, { known: datasets }),
      target: servers[0],
      nextTarget: inTurn(servers, 0),
      sessions: sessionRouting(plan.options),
      secrets,
      transport: new Transport(transport),
      options: effectiveOptions(plan, seed, resolved),
      onExchange: (request, exchange) => requests.push({ request, exchange }),
      onHttpExchange: (exchange) => httpRequests.push(exchange),
    };
    const evaluate = compile(bundle);
    const [scenario] = plan.scenarios;
    if (!scenario) throw new Error('a plan has a scenario');
    const lone = new Vu(thread, evaluate, 0, undefined);
    const attempt = async (name: 'setup' | 'teardown', given?: string) => {
      if (!functions.includes(name)) return undefined;
      const timeout = name === 'setup' ? plan.options.setupTimeout : plan.options.teardownTimeout;
      const { data, fault } = await call(lone, { name, timeout, data: given }, clock);
      if (fault) throw fromFault(fault, name);
      return data;
    };
    const data = await attempt('setup');
    const vu = new Vu(thread, evaluate, 1, scenario);
    const hook = async (name: VuHook) => {
      const timeout = name === 'vuSetup' ? plan.options.setupTimeout : plan.options.teardownTimeout;
      const fault = await callHook(vu, name, { timeout, data }, clock);
      if (fault) throw fromFault(fault, name);
    };
    await hook('vuSetup');
    requests.length = 0;
    httpRequests.length = 0;
    const error = await iterate(vu, data);
    const pending = await vu.leftPending(error ? 'failed' : 'complete');
    const outlived = pending && outlivedText(pending.counts());
    await pending?.settled();
    const done = { requests: [...requests], httpRequests: [...httpRequests] };
    await hook('vuTeardown');
    await attempt('teardown', data);
    vu.close();
    lone.close();
    return {
      targets,
      scenario: scenario.name,
      ...done,
      error,
      outlived,
      warnings: [...warnings, ...resolved.warnings],
      redact: secrets.redact,
    };
  } finally {
    await bundle.dispose();
  }
}

/** Runs one iteration; returns what it threw, if anything. */
async function iterate(vu: Vu, data: string | undefined): Promise<TryResult['error']> {
  vu.enter(0);
  try {
    await vu.callIteration(undefined, data === undefined ? undefined : JSON.parse(data));
    return undefined;
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    return { stack: userStack(thrown), where: placeOf(thrown) };
  }
}
