import type { AddressInfo } from 'node:net';
import { systemClock } from '../clock.js';
import { combineSeeds } from '../random.js';
import { type Fault, faultDraw } from './misbehaviour.js';
import { createPacer } from './pacer.js';
import { createSimulatorServer } from './server.js';
import { DEFAULT_COST, linearCost, type StepCost } from './step-cost.js';

export { type Fault, MISBEHAVIOURS, readFaults } from './misbehaviour.js';

/** Everything about a simulator that can be chosen. */
export interface SimulatorOptions {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** The served model's id; default `sim`. */
  readonly model?: string | undefined;
  /** Clients must send it as a bearer token; default: everyone may come in. */
  readonly apiKey?: string | undefined;
  /** Fixed mode for every request, as far as its model's name does not say otherwise. */
  readonly ttftMs?: number | undefined;
  readonly itlMs?: number | undefined;
  readonly tokens?: number | undefined;
  /** How many sequences run at once in batch mode; default 256. */
  readonly maxNumSeqs?: number | undefined;
  /** How long a step takes in batch mode. */
  readonly stepCost?: StepCost | undefined;
  /** What goes wrong with requests; their models' names may ask for more. */
  readonly faults?: readonly Fault[] | undefined;
  /** Decides texts and lengths of requests without a seed of their own, and which requests go wrong; default 1. */
  readonly seed?: number | undefined;
}

/** A simulator that listens. */
export interface Simulator {
  /** Origin without a slash at its end, such as `http://127.0.0.1:9009`. */
  readonly url: string;
  readonly port: number;
  /** Cuts every connection and frees the port. */
  close(): Promise<void>;
}

/** Starts an OpenAI-compatible LLM server without a GPU. Rejects with Node's own error if the port cannot be had. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, model = 'sim', apiKey, ttftMs, itlMs, tokens, seed = 1 } = options;
  const { faults = [], maxNumSeqs = 256, stepCost = linearCost(DEFAULT_COST) } = options;
  const { now } = systemClock;
  const pacer = createPacer(now, { maxNumSeqs, stepCost });
  let unseeded = 0;
  const nextSeed = () => {
    unseeded += 1;
    return combineSeeds(`${seed}#${unseeded}`);
  };
  const fixed = { ttftMs, itlMs, tokens };
  const shell = { model, apiKey, fixed, faults, draw: faultDraw(seed) };
  const server = createSimulatorServer({ now, pacer, nextSeed }, shell);

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 4096 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    close() {
      pacer.close();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
