import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Summary } from '../../engine/index.js';

/** Temporary folder of a test. */
export interface TestFolder {
  readonly path: string;
  /** Writes a file and returns its path. */
  write(name: string, content: string): string;
  /** Reads a summary that a run has written here. */
  summary(name: string): Summary;
}

const made: string[] = [];

/** Makes an empty folder, deleted after all tests. */
export function testFolder(): TestFolder {
  const path = mkdtempSync(join(tmpdir(), 'tokenswarm-test-'));
  made.push(path);
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    summary: (name) => JSON.parse(readFileSync(join(path, name), 'utf8')) as Summary,
  };
}

/** Path for a Unix socket. Unlike over TCP, bytes arrive at once. */
export function socketPath(): string {
  return join(testFolder().path, 'socket');
}

// In parallel mode a process runs many test files, and hooks of a module would be those of the first. Mocha ends one that
// takes its time to leave, by a signal that would cut this short.
process.on('SIGTERM', () => process.exit(143));
process.once('exit', () => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});
