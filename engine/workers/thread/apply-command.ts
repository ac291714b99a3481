import type { Thread } from '../../vu/thread-context.js';
import type { Urgent } from './command-queue.js';
import type { RunningPart } from './scenario-runner.js';

/** Applies a command of the main thread while the load runs. */
export function obey(command: Urgent, { clock, recorder, counting }: Thread, parts: readonly RunningPart[]): void {
  const partOf = (scenario: string) => parts.find((part) => part.scenario === scenario);
  switch (command.type) {
    case 'revise':
      recorder?.reviseSteadyState(command.steady);
      for (const { scenario, startTime } of command.starts) partOf(scenario)?.begin(startTime);
      return;
    case 'scale':
      partOf(command.scenario)?.scale(command.vus);
      return;
    case 'pause':
    case 'resume':
      for (const part of parts) part[command.type]();
      return;
    case 'drain':
    case 'abort':
      if (command.type === 'abort') counting?.giveUp();
      recorder?.endSteadyState(clock.now());
      for (const part of parts) part[command.type]();
  }
}
