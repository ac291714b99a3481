import type { Thread } from '../../vu/thread-context.js';
import type { LiveCommand } from './command-queue.js';
import type { ScenarioRunner } from './scenario-runner.js';

/** Applies a command of the main thread while the load runs. */
export function applyCommand(
  command: LiveCommand,
  { clock, recorder, counting }: Thread,
  runners: readonly ScenarioRunner[],
): void {
  const runnerOf = (scenario: string) => runners.find((runner) => runner.scenario === scenario);
  switch (command.type) {
    case 'revise':
      recorder?.reviseSteadyState(command.steady);
      for (const { scenario, startTime } of command.starts) runnerOf(scenario)?.begin(startTime);
      return;
    case 'scale':
      runnerOf(command.scenario)?.scale(command.vus);
      return;
    case 'pause':
    case 'resume':
      for (const runner of runners) runner[command.type]();
      return;
    case 'drain':
    case 'abort':
      if (command.type === 'abort') counting?.giveUp();
      recorder?.endSteadyState(clock.now());
      for (const runner of runners) runner[command.type]();
  }
}
