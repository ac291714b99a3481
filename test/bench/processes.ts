import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc, on every Linux that runs Node. */
const TICKS = 100;

/** CPU seconds of a process and its children so far. It is 0 when the process is gone. */
export function cpuSeconds(pid: number): number {
  return family(pid).reduce((sum, { ticks }) => sum + ticks, 0) / TICKS;
}

/** Memory that a process and its children hold, in bytes. */
export function residentBytes(pid: number): number {
  return family(pid).reduce((sum, each) => sum + residentOf(each.pid), 0);
}

/** CPU seconds of this process and its ended children. */
export function endedCpuSeconds(): number {
  const fields = statFields('self');
  return ((fields[13] ?? 0) + (fields[14] ?? 0)) / TICKS;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

function family(pid: number): readonly Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)));
  const members = all.filter((each) => each.pid === pid);
  for (const member of members) members.push(...all.filter(({ parent }) => parent === member.pid));
  return members;
}

function statOf(pid: number): Process[] {
  try {
    const fields = statFields(pid);
    return [{ pid, parent: fields[1] ?? 0, ticks: (fields[11] ?? 0) + (fields[12] ?? 0) }];
  } catch {
    return [];
  }
}

/**
 * Fields of a process's /proc/PID/stat. The name in parentheses may hold anything, so fields are counted from behind
 * it.
 */
function statFields(pid: number | 'self'): readonly number[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number);
}

function residentOf(pid: number): number {
  try {
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
