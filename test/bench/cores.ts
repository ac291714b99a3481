import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const STATUS = '/proc/self/status';

/** Numbers of the cores that this process may use; empty where unknown. */
export const CORES = existsSync(STATUS)
  ? coresOf(/^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync(STATUS, 'utf8'))?.[1] ?? '0')
  : [];

/** Cores of the target and the generator. With two cores each of them has one to itself. */
export const [TARGET_CORE = 0, GENERATOR_CORE = 0] = CORES;

const CAN_PIN = CORES.length >= 2 && has('taskset');

/** `'0-2,5'` → 0, 1, 2, 5. */
export function coresOf(list: string): readonly number[] {
  return list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

/** Checks that a command can be started here. */
export function has(command: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', command], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A command that stays on these cores, where that can be had. */
export function pinned(cores: readonly number[], command: readonly string[]): readonly string[] {
  return CAN_PIN ? ['taskset', '-c', cores.join(','), ...command] : command;
}

/** Sentence about the cores that commands are pinned to. */
export const PINNING = CAN_PIN
  ? `generator on core ${GENERATOR_CORE}, target on core ${TARGET_CORE}`
  : 'nothing is pinned';
