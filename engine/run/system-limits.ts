import { readFileSync } from 'node:fs';
import { parseTarget, publicUrl, type TargetAddress } from '../client/target.js';
import { configError } from '../errors.js';

/** Open files of a run besides its sockets, and of each worker. */
const OWN_FILES = 64;
const FILES_A_WORKER = 16;

/** Limits of this process and machine. Undefined where unknown. */
export interface SystemLimits {
  /** Most open files of this process. */
  readonly files: number | undefined;
  /** Local ports for connections to one address. */
  readonly ports: number | undefined;
}

/** Demand of a run: users at most, worker threads, servers. */
export interface Demand {
  readonly vus: number;
  readonly workers: number;
  readonly targets: readonly TargetAddress[];
  /** Addresses that connections start from. */
  readonly addresses?: number;
}

/** Reads the limits of Linux, from proc_pid_limits(5) and ip(7). */
export function systemLimits(): SystemLimits {
  const [, files] = /^Max open files\s+(\d+)/m.exec(read('/proc/self/limits')) ?? [];
  const [from, to] = read('/proc/sys/net/ipv4/ip_local_port_range').trim().split(/\s+/).map(Number);
  return {
    files: files === undefined ? undefined : Number(files),
    ports: from !== undefined && to !== undefined && to >= from ? to - from + 1 : undefined,
  };
}

/** Throws a UserError where a run's own files are too many. */
export function refuseTooFewFiles({ vus, workers }: Omit<Demand, 'targets'>, { files }: SystemLimits): void {
  const own = OWN_FILES + FILES_A_WORKER * workers;
  if (files === undefined || files >= own) return;
  throw configError(
    'open files',
    `this process may open ${count(files)}, and a run with ${count(workers)} ${workers === 1 ? 'worker' : 'workers'} needs ` +
      `${count(own)} besides those of its requests`,
    `raise the limit with ulimit -n ${own + vus}${workers === 1 ? '' : ', or use fewer --workers'}`,
  );
}

/** Warnings for a load beyond the limits, with the number needed. */
export function limitWarnings(
  { vus, workers, targets, addresses = 1 }: Demand,
  { files, ports }: SystemLimits,
): string[] {
  const needed = vus * Math.max(1, targets.length) + OWN_FILES + FILES_A_WORKER * workers;
  const warnings: string[] = [];
  if (files !== undefined && needed > files) {
    warnings.push(
      `${count(vus)} users may need ${count(needed)} open files, and this process may open ${count(files)}: ` +
        `raise the limit with ulimit -n ${needed}, or use fewer users`,
    );
  }
  const remote = targets.find((target) => !parseTarget(target).origin.startsWith('unix:'));
  if (ports !== undefined && remote && vus > ports * Math.max(1, addresses)) {
    warnings.push(
      `${count(vus)} users may need as many local ports to ${publicUrl(remote.baseUrl)}, and this machine has ${count(ports)}: ` +
        'widen net.ipv4.ip_local_port_range, give more of its addresses with --local-address, name several of the ' +
        "server's with --base-url, or use fewer users",
    );
  }
  return warnings;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
