import { basename } from 'node:path';
import type { Values } from '../../engine/metrics/snapshot.js';
import { drawn } from '../dataset-use.js';
import { bytes, count, duration } from '../format.js';
import { safeText } from '../terminal-text.js';
import { dotted, type Page, type Row, section, wholeRun } from './section.js';

/** Work of the load generator, always over the whole run. */
export function execution(page: Page): readonly string[] {
  if (!page.isFull) return brief(page);
  const { metrics, requests } = page.summary;
  const row = (name: string, figures: (values: Values) => Omit<Row, 'label'> | undefined): readonly Row[] => {
    const metric = metrics[name];
    const found = metric && figures(metric.windows.whole ?? metric.values);
    return found ? [{ label: name, ...found }] : [];
  };
  const rows = [
    ...scenarioRows(page),
    ...row('iterations', counted(count)),
    ...row('iteration_duration', distribution),
    ...row('iteration_lateness', distribution),
    ...row('vus', gauged),
    ...row('vus_max', gauged),
    ...row('interrupted_iterations', counted(count)),
    ...row('dropped_iterations', counted(count)),
    ...row('data_received', counted(bytes)),
    ...row('data_sent', counted(bytes)),
    ...datasetRows(page),
    ...(requests.reconnects === 0 ? [] : [{ label: 'reconnects', value: count(requests.reconnects) }]),
  ];
  return section(page, 'EXECUTION', dotted(page, rows), wholeRun(page));
}

/** Iterations not run as planned, for a short summary. */
function brief(page: Page): readonly string[] {
  const { metrics } = page.summary;
  const rows = ['interrupted_iterations', 'dropped_iterations'].flatMap((label) => {
    const values = metrics[label]?.windows.whole;
    return values?.count ? [{ label, ...counted(count)(values) }] : [];
  });
  return section(
    page,
    'EXECUTION',
    dotted(
      page,
      rows.map((row) => ({ value: '', ...row })),
    ),
    wholeRun(page),
  );
}

/** Actual start and end of each scenario, where there are several. */
function scenarioRows({ summary }: Page): readonly Row[] {
  const { scenarios } = summary.plan;
  if (scenarios.length < 2) return [];
  return scenarios.map(({ name, description, ran }) => {
    const span = ran ? `${duration(ran.from * 1000)} to ${duration(ran.to * 1000)}` : 'never began';
    return { label: `scenario ${safeText(name)}`, value: span, note: safeText(description) };
  });
}

/** Repetition of prompts, since servers answer cached prefixes sooner. */
function datasetRows({ summary }: Page): readonly Row[] {
  return (summary.datasets ?? []).map((use) => {
    return { label: `prompts of ${safeText(basename(use.file))}`, ...drawn(use) };
  });
}

function counted(text: (value: number) => string): (values: Values) => Omit<Row, 'label'> | undefined {
  return (values) => {
    if (values.count === undefined) return undefined;
    const value = text(values.count);
    return values.rate === undefined ? { value } : { value, note: `${text(values.rate)}/s` };
  };
}

function gauged(values: Values): Omit<Row, 'label'> | undefined {
  if (values.value === undefined) return undefined;
  const { value, min = value, max = value } = values;
  return { value: count(value), note: `min=${count(min)} max=${count(max)}` };
}

const SHOWN = ['avg', 'min', 'med', 'p(95)', 'max'];

function distribution(values: Values): Omit<Row, 'label'> | undefined {
  const parts = SHOWN.flatMap((key) => {
    const value = values[key];
    return value === undefined ? [] : [`${key}=${duration(value)}`];
  });
  return parts.length === 0 ? undefined : { value: parts.join(' ') };
}
