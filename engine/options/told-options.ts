import * as v from 'valibot';
import { field, text } from '../schema.js';
import { yesOrNo } from './fields.js';
import { option, RUNNING } from './option.js';

const STAT = /^(?:avg|min|med|max|count|stddev|p\((?:100|\d{1,2})(?:\.\d+)?\))$/;

/** Texts of a list, in which one text may hold several: `avg,p(99)`. */
function partsOf(input: unknown): readonly string[] | undefined {
  if (!Array.isArray(input) || !input.every((each) => typeof each === 'string')) return undefined;
  return input.flatMap((each: string) => each.split(',').map((part) => part.trim())).filter((part) => part !== '');
}

const trendStats = field('a list of avg, min, med, max, count, stddev or p(N)', (input) => {
  const parts = partsOf(input);
  return parts?.every((part) => STAT.test(part)) ? parts : undefined;
});

const tagNames = field('a list of names of tags', partsOf);

/** One of a few words. */
function word<const Word extends string>(...words: readonly Word[]) {
  return field(words.join(' or '), (input) => words.find((known) => known === input));
}

/** Units of time that a summary can keep to. */
const timeUnit = word('s', 'ms', 'us');

/** Options of what a run tells, which scripts of k6 have. */
export const toldOptions = {
  summaryTrendStats: option(v.optional(trendStats), {
    kind: 'list',
    flag: '--summary-trend-stats <list>',
    hidden: true,
    commands: RUNNING,
    meaning: 'statistics of distributions in the summary, such as avg,p(99)',
    docs: 'statistics of HTTP and own distributions in the text summary and for `handleSummary`, such as `avg,p(99.9),count`',
  }),
  summaryTimeUnit: option(v.optional(timeUnit), {
    kind: 'text',
    flag: '--summary-time-unit <unit>',
    hidden: true,
    commands: RUNNING,
    meaning: 'unit of times in the summary: s, ms or us',
    docs: 'unit of the same times in the text summary: `s`, `ms` or `us`',
    otherwise: 'the one that fits',
  }),
  systemTags: option(v.optional(tagNames), {
    kind: 'list',
    flag: '--system-tags <list>',
    hidden: true,
    commands: RUNNING,
    meaning: "tags of k6's own that k6-json and k6-csv keep",
    docs: "tags of k6's own that `k6-json`, `k6-csv` and their metadata keep, such as `url,status`",
    otherwise: 'all',
  }),
  httpDebug: option(v.optional(word('headers', 'full')), {
    kind: 'text',
    flag: '--http-debug [form]',
    hidden: true,
    commands: RUNNING,
    meaning: 'print plain HTTP requests and responses; full: with bodies',
    docs: 'print plain HTTP requests and responses on stderr: `headers`, or `full` with bodies',
  }),
  consoleOutput: option(v.optional(text), {
    kind: 'text',
    flag: '--console-output <file>',
    hidden: true,
    commands: RUNNING,
    meaning: "file for what the script's console prints",
    docs: "file to append what the script's `console` prints, a line each",
  }),
  logFormat: option(v.optional(word('text', 'raw', 'json')), {
    kind: 'text',
    flag: '--log-format <form>',
    hidden: true,
    commands: RUNNING,
    meaning: "form of what the script's console prints: text, raw or json",
    docs: "form of what the script's `console` prints: `raw`, `text` with time and level, or `json`, a line each on stderr",
  }),
  paused: option(v.optional(yesOrNo, false), {
    kind: 'switch',
    flag: '--paused',
    hidden: true,
    commands: RUNNING,
    meaning: 'wait before the load, until it is resumed',
    docs: 'wait before `setup()`, until the run is resumed: on the [live page](dashboard.md#in-a-browser), or by `p` in the dashboard',
  }),
};
