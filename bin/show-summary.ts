import type { Summary } from '../engine/metrics/snapshot.js';
import type { Handled } from '../engine/run/summary-outputs.js';
import { failureText, type TextSummary, wantsColor, writeWhole } from '../reporters/core.js';
import { printError } from './error-text.js';
import type { Io } from './io.js';

/**
 * Prints the summary of a run, or the output of `handleSummary`. An error of that is printed, and the text summary as
 * well.
 */
export async function showSummary(
  io: Io,
  summary: Summary,
  form: TextSummary,
  handled: Handled | undefined,
): Promise<void> {
  const { outputs = {}, problems = [] } = handled ?? {};
  for (const problem of problems) printError(io, problem);
  if (!handled || problems.length > 0) {
    const text = form.render(summary, { color: wantsColor(io.stdout, io.env) });
    if (text !== '') io.stdout.write(text);
    const failure = form.judges ? undefined : failureText(summary);
    if (failure) io.stderr.write(`error ${failure}\n`);
  }
  await writeOutputs(io, outputs);
}

/** Prints and writes the output of one run's `handleSummary`. */
export async function showHandled(io: Io, { outputs, problems }: Handled): Promise<void> {
  for (const problem of problems) printError(io, problem);
  await writeOutputs(io, outputs);
}

async function writeOutputs(io: Io, outputs: Handled['outputs']): Promise<void> {
  for (const [name, content] of Object.entries(outputs)) {
    if (name === 'stdout' || name === 'stderr') io[name].write(content);
    else await writeWhole(name, content).catch((error) => printError(io, error));
  }
}
