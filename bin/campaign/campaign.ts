import { join } from 'node:path';
import { UserError } from '../../engine/errors.js';
import type { Snapshot, Summary } from '../../engine/metrics/snapshot.js';
import type { Settings } from '../../engine/options/settings.js';
import { labelsOf } from '../../engine/results/sweep/labels.js';
import type { PlannedRun } from '../../engine/results/sweep/planned-run.js';
import { placeholdersOf } from '../../engine/results/sweep/server-command.js';
import { inspect } from '../../engine/run/inspect.js';
import { readinessCheck } from '../../engine/run/readiness.js';
import { safeText } from '../../reporters/core.js';
import { type Io, printLine } from '../io.js';
import { aimAt, startSimulator } from '../simulator-process.js';
import type { CampaignFlags } from './campaign-flags.js';
import { type LevelOutcome, runLevel } from './level-run.js';
import { type ManagedServer, manageServer } from './managed-server.js';
import { watchStopSignals } from './stop-signals.js';

/** Consecutive runs of a scenario, against a given or managed server. */
export interface Campaign {
  /** Aborted when the user stops the campaign. */
  readonly signal: AbortSignal;
  /** Performs one run. Throws a UserError where its load could not begin. */
  run(run: PlannedRun, stopEarly?: EarlyStop): Promise<LevelOutcome>;
  /** Stops all started processes. */
  close(): Promise<void>;
}

type EarlyStop = (snapshot: Snapshot, recordSoFar: () => Summary | undefined) => string | undefined;

/** Settings of a campaign. */
export interface CampaignSetup {
  readonly file: string;
  readonly flags: CampaignFlags;
  readonly labels: Readonly<Record<string, string>>;
  /** Seed of all runs. Undefined where the scenario gives each its own. */
  readonly seed?: number;
  /** Objectives, which take the place of the scenario's thresholds. */
  readonly thresholds?: Settings['thresholds'];
}

/** Settings of a run. */
export function settingsOf({ flags, labels, seed, thresholds }: CampaignSetup, run: PlannedRun): Settings {
  const { settings } = flags.given;
  // Nothing but the server need read those of its command.
  const named = placeholdersOf(flags.server ?? '');
  const values = Object.entries(run.values);
  const ofServer = Object.fromEntries(values.filter(([name]) => named.includes(name)));
  const others = Object.fromEntries(values.filter(([name]) => !named.includes(name)));
  return {
    ...settings,
    environment: { ...settings.environment, ...ofServer },
    env: { ...settings.env, ...others },
    labels: { ...labelsOf(labels, run) },
    ...(seed !== undefined && { seed }),
    ...(thresholds && { thresholds }),
  };
}

/** Gets ready for the runs; `first` is one of them. Throws a UserError. */
export async function openCampaign(io: Io, setup: CampaignSetup, first: PlannedRun): Promise<Campaign> {
  const { file, flags, labels } = setup;
  const { folder, given, server } = flags;
  const stopSignals = watchStopSignals(io);
  const { signal } = stopSignals;
  const report = (text: string) => {
    if (!given.quiet) printLine(io.stderr, safeText(text));
  };
  let simulator: Awaited<ReturnType<typeof startSimulator>> | undefined;
  let managedServer: ManagedServer | undefined;
  let aim: Settings = {};
  try {
    if (given.simulate) {
      simulator = await startSimulator(io);
      aim = simulator.aim;
    } else if (server !== undefined) {
      const firstSettings = settingsOf(setup, first);
      const { inspection } = await inspect(file, firstSettings, 'command line', io);
      const named = inspection.target?.baseUrl.split(', ')[0];
      aim = aimOf(named, server, io);
      const { look, redact, keys } = await readinessCheck(file, { ...firstSettings, ...aim }, 'command line');
      const patience = flags.serverTimeout;
      managedServer = manageServer({
        command: server,
        labels,
        folder,
        patience,
        look,
        redact,
        keys,
        signal,
        report,
        io,
      });
      if (named === undefined) report(`no --base-url was given: ${String(aim.baseUrl)} is assumed`);
    }
  } catch (error) {
    stopSignals.release();
    throw error;
  }
  return {
    signal,
    async run(run, stopEarly) {
      await managedServer?.ensureFor(run);
      signal.throwIfAborted();
      stopSignals.running = true;
      try {
        return await runLevel(io, {
          file,
          settings: { ...settingsOf(setup, run), ...aim },
          path: join(folder, `${run.name}.json`),
          quiet: given.quiet,
          ...(stopEarly && { stopEarly }),
          spoilt: () => managedServer?.died(),
        });
      } finally {
        stopSignals.running = false;
      }
    },
    async close() {
      simulator?.stop();
      if (managedServer) report('stopping the server');
      await managedServer?.stop();
      stopSignals.release();
    },
  };
}

/** Settings of a managed server's address. The given one, else this machine at the port in its command. */
function aimOf(named: string | undefined, command: string, { env }: Io): Settings {
  const port = /--port[\s=]+(\d+)/.exec(command)?.[1] ?? '8000';
  const { baseUrl: _, ...way } = aimAt(named ?? `http://127.0.0.1:${port}/v1`, env);
  if (named === undefined) return { ...way, baseUrl: `http://127.0.0.1:${port}/v1` };
  return /^https?:\/\/(localhost|127\.|\[::1\])/.test(named) ? way : {};
}

/** True for an error that only means the user stopped. */
export function isStop(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  return !(error instanceof UserError) || error.message.includes('before the load started');
}
