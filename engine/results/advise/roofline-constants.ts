import { type Card, type Efficiency, type EngineVersion, efficiencyOf } from '../../hardware/index.js';

/** Constants of roofline estimates. Those of a server's version and, on one card, those calibrated there. */
export interface RooflineConstants {
  readonly engine: EngineVersion;
  readonly calibrated?: CalibratedCard | undefined;
}

/** Constants calibrated on a card. */
interface CalibratedCard {
  readonly card: Card;
  readonly efficiency: Efficiency;
  /** Model that was measured. */
  readonly model: string;
  readonly file: string;
}

/**
 * Median errors of such estimates, as shares, by version. Beside the measured runs of docs/hardware.md with the server's
 * defaults.
 */
export const ESTIMATE_ERRORS: Readonly<
  Record<
    string,
    { readonly tokensPerSecond: number; readonly tpot: number; readonly e2e: number; readonly ttft: number }
  >
> = { 'vllm-0.24': { tokensPerSecond: 0.08, tpot: 0.3, e2e: 0.14, ttft: 0.59 } };

/** Constants of estimates on a card. `basis` has source and error in words. */
export function constantsOn(
  card: Card,
  { engine, calibrated }: RooflineConstants,
): { readonly efficiency: Efficiency; readonly utilization: number; readonly basis: string } {
  const { utilization, slug, measuredOn } = engine;
  const isOwn = calibrated?.card === card;
  const source = isOwn
    ? `calibrated on this card with ${calibrated.model} (${calibrated.file})`
    : measuredOn === card.slug
      ? `of ${slug}, fitted to runs on this card`
      : `of ${slug}, not measured on this card`;
  const errors = ESTIMATE_ERRORS[slug];
  const share = (value: number) => `${Math.round(100 * value)} %`;
  const error = errors
    ? `half of such estimates were within ${share(errors.tokensPerSecond)} of measured tokens a second, ${share(errors.e2e)} of E2E, ${share(errors.tpot)} of TPOT and ${share(errors.ttft)} of TTFT on ${measuredOn.toUpperCase()}s; simulate is closer`
    : 'its error is not known';
  return {
    efficiency: isOwn ? calibrated.efficiency : efficiencyOf(engine),
    utilization,
    basis: `computed by constants ${source}: ${error}`,
  };
}
