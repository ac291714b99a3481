import { basename } from 'node:path';
import type { SessionsDescription, Spread } from '../../engine/data/sessions/describe-sessions.js';
import { VERSION } from '../../engine/version.js';
import type { LineChart } from '../document/chart.js';
import { figure, listSection, type Report, type Row, type Section, tableSection, text } from '../document/document.js';
import { amount, compactCount, count, duration, percent } from '../format.js';

const KEYS = ['mean', 'min', 'p50', 'p90', 'p99', 'max'] as const;

/** Description of a file of sessions: lengths, gaps, reuse, sessions over time. */
export function traceReport(description: SessionsDescription): Report {
  const { file, form, sessions, agents, turns, inputTokens, outputTokens, models, reuse } = description;
  return {
    ...{ name: 'trace', title: basename(file), version: VERSION, simulated: [] },
    facts: {
      file,
      form,
      sessions: `${amount(sessions, 'session')} of ${amount(agents, 'agent')}, ${amount(turns, 'turn')}`,
      tokens: `${count(inputTokens)} in, ${count(outputTokens)} out`,
      models: models.join(', '),
      reuse: `${percent(reuse.allSessions)} of the input tokens in an endless cache, ${percent(reuse.ownSession)} of the same session`,
    },
    sections: [sessionSection(description), turnSection(description), noteSection(description), chartOf(description)],
  };
}

const COLUMNS = [text(''), ...KEYS.map((key) => figure(key))];

function sessionSection({ perSession }: SessionsDescription): Section {
  const { turns, agents, depth, seconds } = perSession;
  return tableSection('A session', COLUMNS, [
    row('turns', turns, compactCount),
    row('agents', agents, compactCount),
    row('deepest context, tokens', depth, compactCount),
    row('recorded duration', seconds, inSeconds),
  ]);
}

function turnSection({ perTurn }: SessionsDescription): Section {
  const { input, added, output, toolGap, otherGap } = perTurn;
  return tableSection('A turn', COLUMNS, [
    row('input tokens', input, compactCount),
    row('new tokens', added, compactCount),
    row('output tokens', output, compactCount),
    ...(toolGap.count > 0 ? [row('gap for a tool', toolGap, inSeconds)] : []),
    ...(otherGap.count > 0 ? [row('other gap', otherGap, inSeconds)] : []),
  ]);
}

function row(label: string, spread: Spread, written: (value: number) => string): Row {
  return { cells: [label, ...KEYS.map((key) => written(spread[key]))] };
}

function inSeconds(seconds: number): string {
  return duration(1000 * seconds);
}

function noteSection({ dropped }: SessionsDescription): Section {
  const texts = dropped > 0 ? [`${amount(dropped, 'subagent')} without a turn before them are not played`] : [];
  return listSection('Left out', 'doubtful', texts);
}

/** Sessions at work over the file's own time. */
function chartOf({ concurrency = [] }: SessionsDescription): Section {
  const chart: LineChart = {
    title: 'Sessions at work',
    x: { name: 'time', unit: 'seconds' },
    y: { name: 'sessions', unit: 'whole' },
    lines: [
      {
        ...{ label: 'sessions', color: 1, style: 'steps' },
        points: concurrency.map(({ at, sessions }) => ({ x: at, y: sessions })),
      },
    ],
  };
  return { title: 'Over time', blocks: concurrency.length === 0 ? [] : [{ kind: 'charts', charts: [chart] }] };
}
