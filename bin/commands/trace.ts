import { Command } from 'commander';
import { describeSessions } from '../../engine/data/sessions/describe-sessions.js';
import { ExitCode } from '../../engine/errors.js';
import {
  checkWritable,
  reportText,
  traceJson,
  traceReport,
  wantsColor,
  writeWhole,
  writtenReport,
} from '../../reporters/index.js';
import type { Invocation } from '../invocation.js';
import type { Io } from '../io.js';
import { readReports } from '../report-outputs.js';

/** Writers of descriptions, by file format. */
const FORMATS = { ...writtenReport(traceReport), json: traceJson };

/** `tokenswarm trace`: what recorded sessions of agents are like. */
export function traceCommand({ io, action }: Invocation): Command {
  const gather = (text: string, before: readonly string[] = []) => [...before, text];
  return new Command('trace')
    .description('describe recorded sessions of agents, and check all of them')
    .argument(
      '<file>',
      'file or folder of sessions: kv-cache-tester (AgentX), Mooncake with sessions, Bailian, TraceLab',
    )
    .option('-o, --out <format=PATH>', 'write the description as html, json or markdown; repeatable', gather)
    .action(action((file: string, flags: { readonly out?: readonly string[] }) => tellTrace(io, file, flags.out)));
}

async function tellTrace(io: Io, file: string, out: readonly string[] = []): Promise<number> {
  const outputs = readReports(out, FORMATS);
  for (const { path } of outputs) await checkWritable(path);
  const description = describeSessions(file);
  io.stdout.write(reportText(traceReport(description), { color: wantsColor(io.stdout, io.env) }));
  for (const { format: render, path } of outputs) await writeWhole(path, render(description));
  return ExitCode.ok;
}
