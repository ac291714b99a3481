import { parentPort, workerData } from 'node:worker_threads';
import { Secrets } from '../client/secrets.js';
import { inTurn, parseTargets, type TargetAddress } from '../client/target.js';
import { Transport, type TransportSettings } from '../client/transport/transport.js';
import { systemClock } from '../clock.js';
import { Datasets } from '../data/dataset.js';
import type { SharedDataset } from '../data/shared-dataset.js';
import { scriptError } from '../errors.js';
import type { SummaryData } from '../metrics/summary-data.js';
import type { ReporterModule } from '../metrics/summary-reporters.js';
import type { Limits } from '../options/timing.js';
import { show } from '../schema.js';
import type { Bundle } from '../script/bundle.js';
import { compile } from '../script/evaluate.js';
import { loadK6 } from '../vu/k6/load.js';
import { Vu } from '../vu/vu.js';
import { type Fault, toFault } from '../workers/fault.js';
import { flushStdio } from '../workers/thread/flush-stdio.js';
import { idleThread } from '../workers/thread/idle-thread.js';
import { type ConsoleSettings, redirectConsole } from '../workers/thread/script-console.js';

/** Input of a `handleSummary` worker thread. Plain data. */
export interface SummaryTask extends Pick<Bundle, 'script' | 'packages' | 'file' | 'isK6'> {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly seed: number;
  readonly datasets: readonly SharedDataset[];
  readonly targets: readonly TargetAddress[];
  readonly transport: TransportSettings;
  readonly data: SummaryData;
  readonly reporters: string | undefined;
  readonly console: ConsoleSettings;
  readonly limits: Limits;
}

/** Result of `handleSummary`: outputs with their destinations, and problems. */
export interface SummaryResult {
  readonly outputs: Readonly<Record<string, string | Uint8Array>>;
  readonly faults: readonly Fault[];
}

/** Evaluates the scenario for a VU without load, and calls its `handleSummary`. */
async function handle({
  env,
  seed,
  datasets,
  targets,
  transport,
  data,
  reporters,
  console: told,
  ...bundle
}: SummaryTask): Promise<SummaryResult> {
  const servers = parseTargets(targets);
  const secrets = servers[0]?.secrets ?? new Secrets();
  redirectConsole(told, secrets.redact);
  try {
    const module = reporters === undefined ? undefined : ((await import(reporters)) as ReporterModule);
    const thread = {
      ...idleThread({ clock: systemClock, file: bundle.file, env, seed, isK6: bundle.isK6 }),
      datasets: new Datasets(seed, { known: datasets }),
      target: servers[0],
      nextTarget: inTurn(servers, 0),
      secrets,
      transport: new Transport(transport),
      // Made before the script can change anything.
      reporters: module?.reportersFor(data.tokenswarm),
    };
    if (bundle.isK6) await loadK6();
    const vu = new Vu(thread, compile(bundle), 0, undefined);
    const returned = await vu.call('handleSummary', undefined, data);
    vu.close();
    return readOutputs(returned, bundle.file);
  } catch (error) {
    const fault = toFault(error);
    const message = `handleSummary() failed: ${secrets.redact(fault.message)}`;
    return { outputs: {}, faults: [{ ...fault, message }] };
  }
}

/** Reads the returned outputs, as far as they can be written. */
function readOutputs(returned: unknown, file: string): SummaryResult {
  const refuse = (message: string) => {
    const hint = "return { stdout: 'text', 'file.json': JSON.stringify(data) }, where each value is a text or bytes";
    return toFault(scriptError(file, message, hint));
  };
  if (typeof returned !== 'object' || returned === null || Array.isArray(returned)) {
    return { outputs: {}, faults: [refuse(`handleSummary() returned ${show(returned)} instead of an object`)] };
  }
  const outputs: Record<string, string | Uint8Array> = {};
  const faults: Fault[] = [];
  for (const [name, value] of Object.entries(returned) as [string, unknown][]) {
    if (typeof value === 'string') outputs[name] = value;
    else if (value instanceof ArrayBuffer) outputs[name] = new Uint8Array(value);
    else if (value instanceof Uint8Array) outputs[name] = value;
    else faults.push(refuse(`handleSummary() returned ${show(value)} for ${name}`));
  }
  return { outputs, faults };
}

const task = workerData as SummaryTask;
const result = await handle(task);
await flushStdio(systemClock, task.limits.printing);
parentPort?.postMessage(result);
