import type { Pace } from '../scheduler/fixed-pace.js';

/** Fixed timing and length. Each part may come from the model's name or the simulator's options. */
export interface FixedParts {
  readonly ttftMs?: number | undefined;
  readonly itlMs?: number | undefined;
  readonly tokens?: number | undefined;
}

/** Treatment of one request by the simulator. */
export interface Behaviour {
  /** Fixed mode if given. Else the request shares the batch and has a random length. */
  readonly fixed: { readonly pace: Pace; readonly tokens: number } | undefined;
  /** Tokens of reasoning before the answer. */
  readonly thinkTokens: number;
  /** Field name of reasoning in OpenAI's protocols. */
  readonly reasoningField: 'reasoning_content' | 'reasoning';
  /** True to call tools whenever the request has some. */
  readonly tools: boolean;
}

const PART = /^(ttft|itl|len|think)(\d+(?:\.\d+)?)$/;
/** Defaults of the other parts once one is fixed. */
const DEFAULTS = { ttftMs: 50, itlMs: 10, tokens: 100 } as const;

/** True for the simulator's own models: `sim`, or names beginning with `sim-`. */
export function isSimulatorModel(name: string): boolean {
  return name === 'sim' || name.startsWith('sim-');
}

/**
 * Parses a model's name, such as `sim-ttft50-itl0.5-len100`. Parts are optional, in any order, with `think20`,
 * `reasoning` and `tools` besides. Unknown parts are ignored; the name takes precedence over `options`.
 */
export function behaviourOf(name: string, options: FixedParts): Behaviour {
  const words = isSimulatorModel(name) ? name.split('-') : [];
  const { thinkTokens = 0, ...fixedParts } = partsOf(words);
  const asked = { ...present(options), ...fixedParts };
  const { ttftMs, itlMs, tokens } = { ...DEFAULTS, ...asked };
  return {
    fixed: Object.keys(asked).length === 0 ? undefined : { pace: { ttftMs, itlMs }, tokens },
    thinkTokens,
    reasoningField: words.includes('reasoning') ? 'reasoning' : 'reasoning_content',
    tools: words.includes('tools'),
  };
}

type Parts = { -readonly [Part in keyof FixedParts]: number } & { thinkTokens?: number };

function partsOf(words: readonly string[]): Parts {
  const parts: Parts = {};
  for (const word of words) {
    const [, key, amount] = PART.exec(word) ?? [];
    if (key === 'ttft') parts.ttftMs = Number(amount);
    if (key === 'itl') parts.itlMs = Number(amount);
    if (key === 'len') parts.tokens = Math.floor(Number(amount));
    if (key === 'think') parts.thinkTokens = Math.floor(Number(amount));
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
