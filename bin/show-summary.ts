import type { Handled, Summary } from '../engine/core.js';
import { type TextSummary, wantsColor, writeWhole } from '../reporters/core.js';
import { printError } from './error-text.js';

/**
 * Prints the summary of a run, or in its place what the scenario's `handleSummary` made of it. What goes wrong with
 * that is told, and does not keep anything else from being written.
 */
export async function showSummary(summary: Summary, form: TextSummary, handled: Handled | undefined): Promise<void> {
  const { outputs = {}, problems = [] } = handled ?? {};
  for (const problem of problems) printError(problem);
  if (!handled || problems.length > 0) {
    process.stdout.write(form.render(summary, { color: wantsColor(process.stdout, process.env) }));
  }
  await writeOutputs(outputs);
}

/** Prints and writes what the scenario's `handleSummary` made of a run of several. */
export async function showHandled({ outputs, problems }: Handled): Promise<void> {
  for (const problem of problems) printError(problem);
  await writeOutputs(outputs);
}

async function writeOutputs(outputs: Handled['outputs']): Promise<void> {
  for (const [name, content] of Object.entries(outputs)) {
    if (name === 'stdout' || name === 'stderr') process[name].write(content);
    else await writeWhole(name, content).catch(printError);
  }
}
