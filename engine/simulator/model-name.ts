import type { Pace } from './fixed-pace.js';

/** What fixes a request's timing and length; each part may come from the model's name or from the simulator's options. */
export interface FixedParts {
  readonly ttftMs?: number | undefined;
  readonly itlMs?: number | undefined;
  readonly tokens?: number | undefined;
}

/** How the simulator treats one request. */
export interface Behaviour {
  /** Fixed mode when given; undefined: the request shares the batch and has a length of its own. */
  readonly fixed: { readonly pace: Pace; readonly tokens: number } | undefined;
}

const PART = /^(ttft|itl|len)(\d+(?:\.\d+)?)$/;
/** Where one part is given, the mode is fixed, and the missing ones are these. */
const DEFAULTS = { ttftMs: 50, itlMs: 10, tokens: 100 } as const;

/** Whether a name asks for the simulator's own models: `sim`, or anything that begins with `sim-`. */
export function isSimulatorModel(name: string): boolean {
  return name === 'sim' || name.startsWith('sim-');
}

/**
 * The behaviour that a model's name asks for: `sim-ttft50-itl0.5-len100`, parts in any order, any of them missing.
 * Parts that are none of these are ignored; the name goes before `options`.
 */
export function behaviourOf(name: string, options: FixedParts): Behaviour {
  const asked = isSimulatorModel(name) ? { ...present(options), ...partsOf(name) } : present(options);
  if (Object.keys(asked).length === 0) return { fixed: undefined };
  const { ttftMs, itlMs, tokens } = { ...DEFAULTS, ...asked };
  return { fixed: { pace: { ttftMs, itlMs }, tokens } };
}

type Parts = { -readonly [Part in keyof FixedParts]: number };

function partsOf(name: string): Parts {
  const parts: Parts = {};
  for (const word of name.split('-')) {
    const [, key, amount] = PART.exec(word) ?? [];
    if (key === 'ttft') parts.ttftMs = Number(amount);
    if (key === 'itl') parts.itlMs = Number(amount);
    if (key === 'len') parts.tokens = Math.floor(Number(amount));
  }
  return parts;
}

function present({ ttftMs, itlMs, tokens }: FixedParts): Parts {
  return {
    ...(ttftMs !== undefined && { ttftMs }),
    ...(itlMs !== undefined && { itlMs }),
    ...(tokens !== undefined && { tokens }),
  };
}
