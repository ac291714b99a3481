import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Summary } from '../../engine/index.js';
import type { TestFolder } from './folder.js';

/** Model of the simulator that answers with five tokens in 9 ms. */
export const FAST = 'sim-ttft5-itl1-len5';

/** A scenario that chats without end. */
export const CHATTING = `
import { chat } from 'tokenswarm';
export default async function () { await chat({ messages: 'hi' }); }
`;

/** Counts of a metric over the whole run. */
export function whole(summary: Summary, metric: string): Readonly<Record<string, number>> {
  return summary.metrics[metric]?.windows.whole ?? {};
}

/** JSON lines that scripts left in a file, of all workers. */
export function notes<Note>(folder: TestFolder, name: string): Note[] {
  const lines = readFileSync(join(folder.path, name), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Note);
}

/** Source of `note(name, value)`, for scripts. */
export function noteTo(folder: TestFolder): string {
  return `import { appendFileSync } from 'node:fs';
    const note = (name: string, value: unknown) => appendFileSync(${JSON.stringify(`${folder.path}/`)} + name, JSON.stringify(value) + '\\n');`;
}

export function upTo(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
