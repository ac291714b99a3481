import { pileOf } from './iterations.js';
import type { ClosedLoad, Load, OpenLoad } from './load.js';
import { portion, type Share } from './share.js';

/** Load that a share has of a whole one, for display. Loops are driven by the whole load and the share. */
export function ownLoad(load: Load, share: Share): Load {
  if (share.count === 1) return load;
  return load.kind === 'open' ? ownArrivals(load, share) : ownUsers(load, share);
}

function ownUsers(load: ClosedLoad, share: Share): ClosedLoad {
  const { iterations } = load;
  return {
    ...load,
    steps: load.steps.map(({ at, vus }) => ({ at, vus: portion(share, vus) })),
    maxVus: portion(share, load.maxVus),
    ...(iterations && 'shared' in iterations && { iterations: { shared: pileOf(load, share) } }),
  };
}

/** Arrivals of a share, in proportion to its planned VUs. */
function ownArrivals(load: OpenLoad, share: Share): OpenLoad {
  const plannedVus = portion(share, load.plannedVus);
  const part = plannedVus / load.plannedVus;
  return {
    ...load,
    legs: load.legs.map((leg) => ({ ...leg, from: leg.from * part, to: leg.to * part })),
    maxVus: portion(share, load.maxVus),
    plannedVus,
  };
}
