import type { Language } from './text.js';

/** Properties of a prompt that the simulator needs. */
export interface Prompt {
  readonly text: string;
  /** Estimated tokens, at least 1. 0.7 per CJK character, a quarter for any other. */
  readonly tokens: number;
  /** Script of the majority of those tokens. */
  readonly language: Language;
}

const CJK_TOKENS = 0.7;
const OTHER_TOKENS = 1 / 4;

/** Analyzes a prompt. */
export function promptOf(text: string): Prompt {
  let cjk = 0;
  for (let i = 0; i < text.length; i += 1) if (isCjk(text.charCodeAt(i))) cjk += 1;
  const inCjk = cjk * CJK_TOKENS;
  const inOther = (text.length - cjk) * OTHER_TOKENS;
  return {
    text,
    tokens: Math.max(1, Math.ceil(inCjk + inOther)),
    language: inCjk > inOther ? 'chinese' : 'english',
  };
}

/** Estimated tokens of a UTF-16 unit. */
export function tokensOf(unit: number): number {
  return isCjk(unit) ? CJK_TOKENS : OTHER_TOKENS;
}

/** True for ideographs, kana, hangul and full-width punctuation of the basic plane. */
function isCjk(unit: number): boolean {
  return (
    (unit >= 0x2e80 && unit <= 0x9fff) ||
    (unit >= 0xac00 && unit <= 0xd7af) ||
    (unit >= 0xf900 && unit <= 0xfaff) ||
    (unit >= 0xff00 && unit <= 0xffef)
  );
}
