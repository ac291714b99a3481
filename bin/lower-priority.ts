import { constants, cpus, getPriority, setPriority } from 'node:os';

const LOW = constants.priority.PRIORITY_BELOW_NORMAL;

/** Share of the cores that others may use at most. */
const CROWDED = 0.75;

/** CPU times of the machine and of this process, in milliseconds. */
interface CpuTimes {
  readonly all: number;
  readonly idle: number;
  readonly own: number;
}

const usual = getPriority();
let before: CpuTimes | undefined;

/**
 * Lowers the priority of the main thread below its workers. Its snapshots and reports can wait, a token cannot. To be called once a second. Not while others crowd the machine: a thread of low priority would then hardly
 * run, and neither write the journal nor obey a signal. Threads that are there already keep their priority. Only Linux
 * has a priority for each thread.
 */
export function lowerPriority(): void {
  if (process.platform !== 'linux' || usual >= LOW) return;
  const now = cpuTimes();
  const isCrowded = before === undefined || othersShare(before, now) >= CROWDED;
  before = now;
  const wanted = isCrowded ? usual : LOW;
  if (getPriority() === wanted) return;
  try {
    setPriority(wanted);
  } catch {
    // Without the right to, a thread is not raised again, or not lowered at all.
  }
}

/** Share of the cores that other processes used between two looks. */
function othersShare(from: CpuTimes, to: CpuTimes): number {
  const all = to.all - from.all;
  return all <= 0 ? 0 : (all - (to.idle - from.idle) - (to.own - from.own)) / all;
}

function cpuTimes(): CpuTimes {
  const { user, system } = process.cpuUsage();
  const sum = { all: 0, idle: 0 };
  for (const { times } of cpus()) {
    sum.all += times.user + times.nice + times.sys + times.irq + times.idle;
    sum.idle += times.idle;
  }
  return { ...sum, own: (user + system) / 1000 };
}
