import { type Clock, wallTime } from '../clock.js';
import { configError, messageOf } from '../errors.js';
import { Gathering, LEAD } from '../swarm/gathering.js';
import { openMeeting } from '../swarm/open-meeting.js';
import type { RunController } from './controller.js';
import type { RunState } from './run-state.js';

/** Gathers the machines of a run, where there are others. Throws a UserError. */
export async function gather(run: RunState, controller: RunController): Promise<void> {
  const { plan, clock, limits, prepared } = run;
  const { startTogether } = plan.options;
  if (startTogether === undefined) return;
  const { fingerprint } = prepared;
  const isFirst = plan.share.index === 0;
  const point = await openMeeting(startTogether, { isFirst, key: fingerprint, clock });
  run.gathering = new Gathering({
    ...{ point, share: plan.share, fingerprint, clock, patience: limits.gathering },
    signal: controller.quitting,
    onWait: (text) => run.reporting.wait(text),
  });
  await controller.orQuit(run.gathering.gather());
}

/** Instant at which the load is to start, on the run's clock. Undefined: at once. */
export async function commonStart(run: RunState, controller: RunController): Promise<number | undefined> {
  const { plan, clock, limits, gathering, reporting } = run;
  const { startAt } = plan.options;
  const soonest = () => clock.now() + limits.runUp;
  if (gathering) {
    const at = await controller.orQuit(gathering.commonStart());
    const late = soonest() - at;
    if (late <= 0) return at;
    run.warn(`this share started ${Math.ceil(late)} ms after the others: it learnt of the common start too late`);
  } else if (startAt !== undefined) {
    const ahead = Date.parse(startAt) - wallTime(clock);
    if (ahead < 0) {
      const passed = `${startAt} was ${Math.ceil(-ahead / 1000)} s ago when the load was ready`;
      throw configError('--start-at', passed, 'give an instant some seconds ahead; workers and setup() take time');
    }
    if (ahead > 1000) reporting.wait(`waiting until ${startAt}, for ${Math.round(ahead / 1000)} s`);
    // Workers that wait for their start obey no wish to stop.
    if (ahead > LEAD) await rest(clock, ahead - LEAD, controller);
    return clock.now() + Date.parse(startAt) - wallTime(clock);
  }
  return undefined;
}

/** Waits, but no longer than the user does. */
async function rest(clock: Clock, ms: number, controller: RunController): Promise<void> {
  let cancel = () => {};
  const over = new Promise<void>((resolve) => {
    cancel = clock.after(ms, resolve);
  });
  await controller.orQuit(over).finally(cancel);
}

/** Waits on share 1 for the end of all, before its `teardown`. A missing one is a warning. */
export async function awaitOthers(run: RunState, controller: RunController): Promise<void> {
  const { gathering, limits, outcome, prepared } = run;
  const isNeeded = prepared.functions.includes('teardown') && !outcome.ending;
  try {
    await gathering?.end(isNeeded ? limits.gathering : 0);
  } catch (error) {
    if (!outcome.ending && !controller.quitting.aborted) run.warn(messageOf(error));
  }
}
