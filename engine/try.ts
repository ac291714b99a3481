import type { ChatBody } from './client/chat.js';
import type { Exchange } from './client/exchange.js';
import type { Found } from './client/preflight.js';
import { parseTarget } from './client/target.js';
import { systemClock } from './clock.js';
import { Datasets } from './data/dataset.js';
import { ExitCode, messageOf, UserError } from './errors.js';
import { idleThread, prepare, type Settings } from './prepare.js';
import { compile } from './script/evaluate.js';
import { findTarget } from './target.js';
import { placeOf, userStack } from './vu/script-error.js';
import type { Thread } from './vu/thread.js';
import { Vu, type VuHook } from './vu/vu.js';

/** One request of a trial: what was sent, and every instant of what came back. */
export interface TriedRequest {
  readonly request: ChatBody;
  readonly exchange: Exchange;
}

/** What one iteration of one user did. */
export interface Trial {
  readonly target: Found | undefined;
  readonly scenario: string;
  readonly requests: readonly TriedRequest[];
  /** What the iteration threw, with the user's place in the file. */
  readonly error: { readonly stack: string; readonly where: string | undefined } | undefined;
}

/**
 * Runs `setup`, one iteration of the first scenario with its VU's hooks, and `teardown` in this thread, as a rehearsal. Throws a UserError
 * when it does not come to the iteration.
 */
export async function tryOnce(file: string, settings: Settings): Promise<Trial> {
  const { bundle, plan, functions, env, seed } = await prepare(file, settings);
  try {
    const target = await findTarget(plan, settings.target, systemClock);
    const requests: TriedRequest[] = [];
    const thread: Thread = {
      ...idleThread(bundle.file, env, seed),
      tags: plan.tags,
      vus: plan.vus,
      datasets: new Datasets(seed),
      target: target && parseTarget(target),
      onExchange: (request, exchange) => requests.push({ request, exchange }),
    };
    const evaluate = compile(bundle);
    const [scenario] = plan.scenarios;
    if (!scenario) throw new Error('a plan has a scenario');
    const lone = new Vu(thread, evaluate, 0, undefined);
    const data = functions.includes('setup') ? await attempt('setup', () => lone.call('setup', undefined)) : undefined;
    const vu = new Vu(thread, evaluate, 1, scenario);
    const hook = (name: VuHook) =>
      vu.hasHook(name) ? attempt(name, () => vu.runHook(name, undefined, data)) : undefined;
    await hook('vuSetup');
    requests.length = 0;
    let error: Trial['error'];
    try {
      await vu.callIteration(undefined, data);
    } catch (thrown) {
      if (thrown instanceof UserError) throw thrown;
      error = { stack: userStack(thrown), where: placeOf(thrown) };
    }
    const done = [...requests];
    await hook('vuTeardown');
    if (functions.includes('teardown')) await attempt('teardown', () => lone.call('teardown', undefined, data));
    vu.close();
    lone.close();
    return { target, scenario: scenario.name, requests: done, error };
  } finally {
    await bundle.dispose();
  }
}

async function attempt<Result>(what: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${what}() failed: ${messageOf(error)}`, {
      where: placeOf(error),
      exitCode: ExitCode.scriptException,
    });
  }
}
