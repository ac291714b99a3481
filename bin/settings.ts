import { type Command, Option } from 'commander';
import { ExitCode, type Settings, UserError } from '../engine/index.js';

/** More threads than any machine has cores for: each takes memory before it does anything. */
const MOST_WORKERS = 512;

/** The flags by which a scenario is aimed and adapted: the same for every command that runs one. */
export interface ScenarioFlags {
  readonly baseUrl?: string;
  readonly model?: string;
  readonly apiKey?: string;
  readonly simulate?: boolean;
  readonly preflight: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly seed?: number;
}

/** The flags that say how much load there is. */
export interface LoadFlags {
  readonly vus?: unknown;
  readonly duration?: string;
  readonly iterations?: unknown;
  readonly stage?: readonly unknown[];
  readonly workers?: number;
  readonly tag: Readonly<Record<string, string>>;
  readonly label: Readonly<Record<string, string>>;
}

/** Adds the flags by which a scenario is aimed. */
export function addScenarioFlags(command: Command): Command {
  return command
    .option('--base-url <url>', 'server under test, such as http://127.0.0.1:8000/v1 (or OPENAI_BASE_URL)')
    .option('--model <name>', 'model to ask for; default: the first that the server lists')
    .option('--api-key <key>', 'sent as bearer token, never printed (or OPENAI_API_KEY)')
    .addOption(new Option('--simulate', 'start the embedded simulator and use it as server').conflicts('baseUrl'))
    .option('--no-preflight', 'do not try the server before the load')
    .option('-e, --env <NAME=value>', 'set __ENV.NAME for the scenario; repeatable', pairs('-e'), {})
    .option('--seed <number>', 'make random() and the order of data sets repeatable', wholeNumber('--seed', 0));
}

/** Adds the flags that say how much load there is. */
export function addLoadFlags(command: Command): Command {
  return command
    .option('-u, --vus <number>', 'virtual users', asNumber)
    .option('-d, --duration <time>', 'how long they iterate, such as 30s or 10m')
    .option('-i, --iterations <number>', 'iterations that they share', asNumber)
    .option('-s, --stage <time:users>', 'ramp to so many users in this time; repeatable', stages, [])
    .option('--workers <number>', 'worker threads; default: cores less one', wholeNumber('--workers', 1, MOST_WORKERS))
    .option('--tag <name=value>', 'put on every sample; repeatable', pairs('--tag'), {})
    .option('--label <name=value>', 'written into the summary, such as gpu=H800; repeatable', pairs('--label'), {});
}

/** What the flags ask of the engine. `simulator` is the URL of the embedded one, where it was asked for. */
export function settingsOf(flags: ScenarioFlags & Partial<LoadFlags>, simulator: string | undefined): Settings {
  const { vus, duration, iterations, stage } = flags;
  const stages = stage && stage.length > 0 ? stage : undefined;
  const given = Object.entries({ vus, duration, iterations, stages }).filter(([, value]) => value !== undefined);
  return {
    load: Object.fromEntries(given),
    target: {
      baseUrl: simulator ?? flags.baseUrl,
      model: flags.model,
      apiKey: flags.apiKey,
      preflight: flags.preflight,
      env: process.env,
    },
    env: flags.env,
    tags: flags.tag ?? {},
    labels: flags.label ?? {},
    workers: flags.workers,
    seed: flags.seed,
  };
}

type Pairs = Readonly<Record<string, string>>;

function pairs(flag: string): (text: string, before: Pairs) => Pairs {
  return (text, before) => {
    const at = text.indexOf('=');
    if (at < 1) throw refuse(flag, `expected NAME=value, got ${JSON.stringify(text)}`);
    return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
  };
}

/** `30s:20` → `{ duration: '30s', target: 20 }`, as k6 writes it. */
function stages(text: string, before: readonly unknown[]): readonly unknown[] {
  const [duration, target, ...rest] = text.split(':');
  if (!duration || !target || rest.length > 0) {
    throw refuse('--stage', `expected time:users such as 30s:20, got ${JSON.stringify(text)}`);
  }
  return [...before, { duration, target: asNumber(target) }];
}

/** A number, or the text itself: the plan then says what was expected. */
function asNumber(text: string): unknown {
  return /^\s*[+-]?[\d.]+(e\d+)?\s*$/i.test(text) ? Number(text) : text;
}

function wholeNumber(flag: string, least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `of at least ${least}`;
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw refuse(flag, `expected a whole number ${range}, got ${JSON.stringify(text)}`);
  };
}

function refuse(where: string, message: string): UserError {
  return new UserError(message, {
    where,
    hint: 'tokenswarm run --help shows the flags',
    exitCode: ExitCode.invalidConfig,
  });
}
