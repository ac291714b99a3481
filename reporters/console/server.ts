import { serverFigures } from '../server-figures.js';
import { safeText } from '../terminal-text.js';
import { dotted, type Page, section } from './section.js';

/** Section with the figures of the servers themselves. */
export function server(page: Page): readonly string[] {
  if (!page.isFull) return [];
  const rows = serverFigures(page.summary).map((row) => ({ ...row, value: safeText(row.value) }));
  return section(page, 'SERVER', dotted(page, rows), 'as it reports');
}
