/**
 * Estimates the tokens of a text, at least 1. Counts 0.7 for each CJK character and 0.25 for any other. Models differ
 * by as much as half again; only a model's own tokenizer is exact.
 */
export function estimateTokens(text: string): number {
  let cjk = 0;
  for (let place = 0; place < text.length; place += 1) if (isCjk(text.charCodeAt(place))) cjk += 1;
  return Math.max(1, Math.ceil(cjk * 0.7 + (text.length - cjk) / 4));
}

/** True for ideographs, kana, hangul and full-width punctuation of the BMP. */
function isCjk(unit: number): boolean {
  if (unit < 0x2e80) return false;
  return (
    unit <= 0x9fff ||
    (unit >= 0xac00 && unit <= 0xd7af) ||
    (unit >= 0xf900 && unit <= 0xfaff) ||
    (unit >= 0xff00 && unit <= 0xffef)
  );
}
