/**
 * About how many tokens a text is: 0.7 for each CJK character and a quarter for any other, at least 1. Models differ by
 * half as much again; only a model's own tokenizer is exact.
 */
export function estimateTokens(text: string): number {
  let cjk = 0;
  for (let place = 0; place < text.length; place += 1) if (isCjk(text.charCodeAt(place))) cjk += 1;
  return Math.max(1, Math.ceil(cjk * 0.7 + (text.length - cjk) / 4));
}

/** Ideographs, kana, hangul and full-width punctuation of the basic plane. */
function isCjk(unit: number): boolean {
  if (unit < 0x2e80) return false;
  return (
    unit <= 0x9fff ||
    (unit >= 0xac00 && unit <= 0xd7af) ||
    (unit >= 0xf900 && unit <= 0xfaff) ||
    (unit >= 0xff00 && unit <= 0xffef)
  );
}
