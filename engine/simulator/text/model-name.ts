import type { Pace } from '../scheduler/fixed-pace.js';

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
  /** Tokens of reasoning before the answer. */
  readonly thinkTokens: number;
  /** By which name reasoning goes in OpenAI's protocols. */
  readonly reasoningField: 'reasoning_content' | 'reasoning';
  /** Whether tools are called wherever the request brings some. */
  readonly tools: boolean;
}

const PART = /^(ttft|itl|len|think)(\d+(?:\.\d+)?)$/;
/** Where one part is given, the mode is fixed, and the missing ones are these. */
const DEFAULTS = { ttftMs: 50, itlMs: 10, tokens: 100 } as const;

/** Whether a name asks for the simulator's own models: `sim`, or anything that begins with `sim-`. */
export function isSimulatorModel(name: string): boolean {
  return name === 'sim' || name.startsWith('sim-');
}

/**
 * The behaviour that a model's name asks for: `sim-ttft50-itl0.5-len100`, parts in any order, any of them missing, and
 * beside them `think20`, `reasoning` and `tools`. Parts that are none of these are ignored; the name goes before
 * `options`.
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
