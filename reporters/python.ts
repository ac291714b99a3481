/** Numbers and columns as Python writes them, for other tools' readers. */

/** `repr` of a float: `150.0`, `5e-05`. */
export function float(value: number): string {
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e16)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  return Number.isInteger(value) ? `${BigInt(value)}.0` : String(value);
}

/** `%.Nf`: halves go to the even neighbor, where `toFixed` goes up. */
export function fixed(value: number, digits: number): string {
  const scaled = value * 10 ** digits;
  // Only a multiple of a power of two that is not too small can be a half in decimals.
  const isHalf = scaled % 1 === 0.5 && Number.isInteger(value * 2 ** (digits + 1));
  const isDown = isHalf && Math.floor(scaled) % 2 === 0;
  return (isDown ? Math.floor(scaled) / 10 ** digits : value).toFixed(digits);
}

/** `%-Ns`: Python counts characters, however wide a terminal shows them. */
export function left(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}

/** `%Ns`. */
export function right(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - [...text].length)) + text;
}
