/** Control characters except tabs and line breaks. */
const CONTROLS = /(?![\t\n\r])\p{Cc}/gu;

/** Text of a cell, free of controls that a terminal would obey. */
export function cellText(text: string): string {
  return text.replace(CONTROLS, ' ');
}

/** Encoding of cells with foreign text: no controls, and spreadsheet formulas defused. */
export const FOREIGN_CELLS = { cast: { string: cellText }, escape_formulas: true } as const;
