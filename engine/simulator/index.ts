import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { type Clock, systemClock } from '../clock.js';
import { combineSeeds } from '../random.js';
import { servedCard } from './front-end/served-card.js';
import { type Fault, faultDraw } from './http/faults.js';
import { createSimulatorServer } from './http/simulator-server.js';
import { plainAlarm, pollingAlarm } from './scheduler/alarm.js';
import { type CardOptions, planCard } from './scheduler/card-plan.js';
import { ContinuousBatching } from './scheduler/continuous-batching.js';
import { createPacer, type Playable } from './scheduler/pacer.js';
import { DEFAULT_COST, linearCost, type StepCost } from './scheduler/step-cost.js';
import { describeCard, PLAIN_ENGINE, servedEngine } from './scheduler/vllm-card.js';

export { servedCard } from './front-end/served-card.js';
export { FAULT_KINDS, type Fault, readFaults } from './http/faults.js';
export { CardBatching } from './scheduler/card-batching.js';
export { longestSequence } from './scheduler/card-limits.js';
export { type CardOptions, planCard } from './scheduler/card-plan.js';
export type { BatchLoad, CardSchedule, StepEvent } from './scheduler/schedule.js';
export { servedEngine } from './scheduler/vllm-card.js';
export { promptBlocks } from './text/prompt-blocks.js';

/** Options of a simulator. */
export interface SimulatorOptions {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Unix socket to listen on, in place of host and port. */
  readonly path?: string | undefined;
  /** Id of the served model. Default `sim`, or with a card the name of its model. */
  readonly model?: string | undefined;
  /** Bearer token that clients must send; default: none. */
  readonly apiKey?: string | undefined;
  /** Fixed mode for every request, unless its model's name says otherwise. */
  readonly ttftMs?: number | undefined;
  readonly itlMs?: number | undefined;
  readonly tokens?: number | undefined;
  /** Simulates a server on this card. Replaces batch mode with `maxNumSeqs` and `stepCost`. */
  readonly card?: CardOptions | undefined;
  /** Most sequences that run at once in batch mode; default 256. */
  readonly maxNumSeqs?: number | undefined;
  /** Duration of a step in batch mode. */
  readonly stepCost?: StepCost | undefined;
  /** Faults of requests; their models' names may add more. */
  readonly faults?: readonly Fault[] | undefined;
  /** Seed of faults, and of requests without their own. Default 1. */
  readonly seed?: number | undefined;
}

/** Running simulator. */
export interface Simulator {
  /** Origin without a slash at its end, such as `http://127.0.0.1:9009`. Or `unix:` and a path. */
  readonly url: string;
  readonly port: number;
  /** Description of the simulated card, if any. */
  readonly simulates: string | undefined;
  /** Cuts every connection and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts an OpenAI-compatible LLM server without a GPU. Rejects with Node's own error if the port cannot be had. With
 * another clock than the system's it keeps the time by that clock's timers.
 */
export async function createSimulator(options: SimulatorOptions = {}, clock?: Clock): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, path, apiKey, ttftMs, itlMs, tokens, seed = 1 } = options;
  const { faults = [], maxNumSeqs = 256, stepCost = linearCost(DEFAULT_COST) } = options;
  const plan = options.card && planCard({ seed, ...options.card });
  const { model = plan?.deployment.model.name ?? 'sim' } = options;
  const batch = plan ? servedCard<Playable>(plan) : new ContinuousBatching<Playable>({ maxNumSeqs, stepCost });
  const now = clock ? () => clock.now() : systemClock.now;
  const alarm = (ring: () => void) => (clock ? plainAlarm(clock, ring) : pollingAlarm(now, ring));
  const pacer = createPacer(now, alarm, batch);
  const served = plan ? servedEngine(plan) : PLAIN_ENGINE;
  let unseeded = 0;
  const nextSeed = () => {
    unseeded += 1;
    return combineSeeds(`${seed}#${unseeded}`);
  };
  const fixed = { ttftMs, itlMs, tokens };
  const shell = { model, apiKey, fixed, faults, draw: faultDraw(seed) };
  const server = createSimulatorServer({ now, pacer, served, nextSeed }, shell);

  server.listen({ ...(path === undefined ? { host, port } : { path }), backlog: 4096 });
  await once(server, 'listening');
  return {
    ...addressOf(server, host),
    simulates: plan && describeCard(plan),
    close() {
      pacer.close();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function addressOf(server: Server, host: string): Pick<Simulator, 'url' | 'port'> {
  const address = server.address() as AddressInfo | string;
  if (typeof address === 'string') return { url: `unix:${address}`, port: 0 };
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`, port: address.port };
}
