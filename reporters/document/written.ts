import type { Report } from './document.js';
import { reportHtml } from './html.js';
import { reportMarkdown } from './markdown.js';

/** Writers of a report to files, by format. */
export function writtenReport<Told extends readonly unknown[]>(report: (...told: Told) => Report) {
  return {
    html: (...told: Told) => reportHtml(report(...told)),
    markdown: (...told: Told) => reportMarkdown(report(...told)),
  };
}
