import { CardBatching } from '../scheduler/card-batching.js';
import type { CardPlan } from '../scheduler/card-plan.js';
import type { CardSchedule, Sequence } from '../scheduler/schedule.js';
import { takesTime } from './front-end-costs.js';
import { FrontedSchedule } from './fronted-schedule.js';

/** Schedule of a server on cards. Its engine, behind its front-end if that takes time. */
export function servedCard<S extends Sequence>(plan: CardPlan): CardSchedule<S> {
  const engine = new CardBatching<S>(plan);
  return takesTime(plan.frontEnd) ? new FrontedSchedule(engine, plan.frontEnd) : engine;
}
