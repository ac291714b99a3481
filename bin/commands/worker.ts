import { Command } from 'commander';
import { systemClock } from '../../engine/clock.js';
import { configError, ExitCode } from '../../engine/errors.js';
import { LocustWorker } from '../../engine/locust/locust-worker.js';
import { loadCodec } from '../../engine/locust/messages.js';
import type { Reporter } from '../../engine/metrics/reporter.js';
import { bundledFile } from '../../engine/own-files.js';
import { checkOutputs, openReporter, readOutputs } from '../../reporters/core.js';
import { printError } from '../error-text.js';
import type { Invocation } from '../invocation.js';
import { type Io, onStop, printLine } from '../io.js';
import { LocustLoad } from '../locust-load.js';
import { sortOutputs } from '../own-reporters.js';
import { addFlags, type Given, readFlags } from '../run-flags.js';

/** Port of a Locust master. */
const PORT = 5557;

/** `tokenswarm worker`: a scenario file under a stock Locust master. */
export function workerCommand({ io, action }: Invocation): Command {
  const command = new Command('worker')
    .description("run a scenario file's default function as a worker of a Locust master")
    .argument('<file>', 'scenario, .ts or .js')
    .option('--master <host[:port]>', 'address of the Locust master', `127.0.0.1:${PORT}`);
  return addFlags(command).action(
    action((file: string) => work(io, file, command.opts<{ master: string }>().master, readFlags(command, io.env))),
  );
}

async function work(io: Io, file: string, master: string, { settings, out }: Given): Promise<number> {
  const address = readMaster(master);
  const { formats, modules, live } = sortOutputs(out);
  const [unfit] = [...modules, ...live];
  if (unfit !== undefined) throw configError('--out', `a worker writes files alone, not ${unfit}`);
  await checkOutputs(readOutputs(formats));
  const codec = loadCodec(io.cwd);
  const tell = (text: string) => printLine(io.stderr, text);
  let tests = 0;
  let code: number = ExitCode.ok;
  const worker = new LocustWorker({
    ...{ master: address, codec, clock: io.clock ?? systemClock, tell },
    start: (users, spawn) => {
      tests += 1;
      const outputs = readOutputs(formats.map((text) => numbered(text, tests)));
      tell(`test ${tests} begins with ${users} ${users === 1 ? 'user' : 'users'}`);
      const reporters: readonly Reporter[] = outputs.map(openReporter);
      const test = {
        file,
        io,
        settings: { ...settings, reporters, reportsModule: bundledFile('reporters/core.js').href },
      };
      return new LocustLoad(
        {
          ...test,
          onEnd: ({ summary, error }) => {
            if (summary) {
              code = summary.run.exitCode;
              const { count = 0 } = summary.metrics.iterations?.windows.whole ?? {};
              const files = outputs.map(({ path }) => path).join(', ');
              tell(`test ${tests} has ended after ${count} iterations${files && `: ${files}`}`);
            } else if (error === undefined) tell(`test ${tests} was stopped before its load began`);
            else {
              printError(io, error);
              code = ExitCode.invalidConfig;
              void worker.quit();
            }
          },
        },
        users,
        spawn,
      );
    },
  });
  const release = onStop(io.signals, () => void worker.quit());
  const error = await worker.ended;
  release();
  if (error !== undefined) throw configError('--master', error);
  return code;
}

/** Reads `host`, `host:port` or `[v6]:port`. */
function readMaster(text: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = String(PORT)] = /^(?:tcp:\/\/)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text) ?? [];
  const number = Number(port);
  if (host === '' || number < 1 || number > 65_535)
    throw configError(
      '--master',
      `expected HOST or HOST:PORT, got ${JSON.stringify(text)}`,
      'for example --master 10.0.0.1:5557',
    );
  return { host: host.replace(/^\[|\]$/g, ''), port: number };
}

/** Output of a further test: `json=run.json` → `json=run-2.json`. */
function numbered(text: string, test: number): string {
  if (test === 1) return text;
  const [, before = text, after = ''] = /^(.*?)(\.[^./\\=]+)?$/s.exec(text) ?? [];
  return `${before}-${test}${after}`;
}
