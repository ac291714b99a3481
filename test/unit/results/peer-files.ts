import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ComparedRun } from '../../../engine/results/compare/compared-run.js';
import { compareFiles } from '../../../engine/results/compare-files.js';
import { ROOT } from '../../support/command.js';

const PEERS = join(ROOT, 'test/support/peer-files');
export const peer = (name: string) => join(PEERS, name);
export const contentOf = (name: string) => readFileSync(peer(name), 'utf8');

export async function runsIn(path: string): Promise<readonly ComparedRun[]> {
  return (await compareFiles([path])).runs;
}

/** A metric's figures, rounded to thousandths. */
export function figures(run: ComparedRun | undefined, metric: string, ...keys: readonly string[]): readonly unknown[] {
  return keys.map((key) => {
    const value = run?.metrics[metric]?.values[key];
    return value === undefined ? undefined : Math.round(1000 * value) / 1000;
  });
}
