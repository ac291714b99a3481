import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingImport } from '../api/names.js';
import { messageOf } from '../errors.js';
import { PACKAGE } from '../own-files.js';
import type { Thread } from './thread-context.js';

// The script's own frame stands below those of our API, at a depth of ten and more.
Error.stackTraceLimit = Math.max(Error.stackTraceLimit, 30);

/** Folders of our own code, compiled and by source maps. Its frames are hidden from users. */
const OWN = ['', 'dist'].flatMap((tree) =>
  ['engine', 'reporters', 'bin', 'bundle'].map((folder) => join(PACKAGE, tree, folder) + sep),
);

/** Stack frame: file or address, line and column, maybe in parentheses. */
const FRAME = /\(?(https?:\/\/[^()\s]+|(?:file:\/\/)?\/[^():]+|[A-Za-z]:\\[^():]+):(\d+):(\d+)\)?$/;

/** Topmost place in the user's code, as `file:line:column`. Undefined without such a frame. */
export function placeOf(error: unknown): string | undefined {
  for (const line of framesOf(error)) {
    if (isOfNode(line)) continue;
    const found = FRAME.exec(line.trim());
    if (!found?.[1]) continue;
    const file = found[1].startsWith('file://') ? fileURLToPath(found[1]) : found[1];
    if (!isForeign(file)) return `${file}:${found[2]}:${found[3]}`;
  }
  return undefined;
}

/** True for an error of our own code, without user frames. */
export function isOurs(error: unknown): boolean {
  const own = framesOf(error).some((line) => OWN.some((folder) => line.includes(folder)));
  return own && placeOf(error) === undefined;
}

/** Stack of the user's frames. Packages that called them, as our own do, are left out. */
export function userStack(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const frames = framesOf(error).filter((line) => !isOfNode(line) && !OWN.some((folder) => line.includes(folder)));
  while (frames.at(-1)?.includes(`${sep}node_modules${sep}`)) frames.pop();
  return [`${error.name}: ${error.message}${missingImport(error.message)}`, ...frames].join('\n');
}

/** Counts a script error by message and place, with secrets redacted. `remark` follows the message. */
export function recordScriptError(thread: Thread, scenario: string, error: unknown, remark = ''): void {
  const { redact } = thread.secrets;
  const said = messageOf(error);
  const message = redact(said) + missingImport(said) + remark;
  thread.recorder?.error({ scenario, message, where: placeOf(error), stack: redact(userStack(error)) });
}

function framesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
}

function isOfNode(line: string): boolean {
  return line.includes('(node:') || line.includes('at node:');
}

function isForeign(file: string): boolean {
  return (
    OWN.some((folder) => file.startsWith(folder)) ||
    file.includes(`${sep}node_modules${sep}`) ||
    file.endsWith(`${sep}scenario.cjs`) ||
    file.endsWith(`${sep}packages.cjs`)
  );
}
