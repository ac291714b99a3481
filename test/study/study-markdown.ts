import type { PromptTimes, TileRanking, TurningPoint } from './crossover.js';
import type { StudyFigures } from './study-figures.js';
import { sameButCard } from './study-figures.js';

/** Everything that the tables of a study are made of. */
export interface StudyTables {
  readonly figures: readonly StudyFigures[];
  /** By model: what it takes for H20 to fall behind. */
  readonly turning: readonly { readonly model: string; readonly points: readonly TurningPoint[] }[];
  readonly prompts: PromptTimes;
  readonly tiles: readonly TileRanking[];
  /** Levels of users that the table of throughput has. */
  readonly users: readonly number[];
}

const RANKED = [
  ['ttft', 'TTFT'],
  ['tpot', 'TPOT'],
  ['e2e', 'E2E'],
] as const;

/** The tables of a study in Markdown. */
export function studyMarkdown({ figures, turning, prompts, tiles, users }: StudyTables): string {
  const latency = figures.filter(({ kind }) => kind === 'latency');
  const throughput = figures.filter(({ kind }) => kind === 'throughput');
  return [
    '### Latency: one user, one prompt after another',
    '',
    'Simulated; means in milliseconds.',
    '',
    ...latencyTable(latency),
    '',
    '### Throughput: output tokens a second of all users, and the mean E2E in seconds',
    '',
    'Simulated. `*` marks settings in which requests lost their place in the KV cache.',
    '',
    ...throughputTable(throughput, users),
    '',
    '### Rankings by users: the shortest time per token first',
    '',
    'Simulated; means of TPOT in milliseconds.',
    '',
    ...rankingTable(throughput, users),
    '',
    '### The time to the first token by the length of the prompt',
    '',
    `${prompts.model} on one idle card each, by the same formula as the simulator; the shortest first, milliseconds.`,
    '',
    row(['tokens', 'TTFT']),
    row(['---', '---']),
    ...prompts.rows.map(({ tokens, cards }) => row([String(tokens), ranked(cards)])),
    '',
    "### What it takes for H20's time per token to be longer than another card's",
    '',
    'By the roofline and the table of constants, one card each, 200 tokens of context; each cause alone.',
    '',
    ...turning.flatMap(({ model, points }) => [...turningTable(model, points), '']),
    '### One user, where a multiplication takes the time of 64 rows at the least',
    '',
    'A step that decodes, by the same formula, one card each; milliseconds.',
    '',
    row(['model', '`tileRows`', 'the shortest first']),
    row(['---', '---', '---']),
    ...tiles.map(({ model, rows, cards }) => row([model, String(rows), ranked(cards)])),
  ]
    .join('\n')
    .trimEnd();
}

function latencyTable(figures: readonly StudyFigures[]): string[] {
  return [
    row(['model', 'cards', 'card', ...RANKED.map(([, name]) => name)]),
    row(['---', '---', '---', ...RANKED.map(() => '---')]),
    ...figures.map((each) => {
      return row([each.model, String(each.tp), each.gpu, ...RANKED.map(([key]) => milliseconds(each[key]))]);
    }),
  ];
}

function throughputTable(figures: readonly StudyFigures[], users: readonly number[]): string[] {
  const deployments = new Map<string, StudyFigures[]>();
  for (const each of figures) {
    const key = JSON.stringify([each.model, each.tp, each.gpu]);
    deployments.set(key, [...(deployments.get(key) ?? []), each]);
  }
  return [
    row(['model', 'cards', 'card', ...users.map((level) => `${level} user${level === 1 ? '' : 's'}`)]),
    row(['---', '---', '---', ...users.map(() => '---')]),
    ...[...deployments.values()].map((own) => {
      const { model = '', tp = 1, gpu = '' } = own[0] ?? {};
      const cells = users.map((level) => {
        const found = own.find((each) => each.users === level);
        if (!found) return '–';
        const mark = found.preemptions > 0 ? '*' : '';
        return `${Math.round(found.tokensPerSecond).toLocaleString('en')}${mark} / ${(found.e2e / 1000).toFixed(1)}`;
      });
      return row([model, String(tp), gpu, ...cells]);
    }),
  ];
}

function rankingTable(figures: readonly StudyFigures[], users: readonly number[]): string[] {
  const all = sameButCard(figures).filter(({ runs, tp, model }) => {
    // Of each model the fewest cards on which every kind of card has room, or else the most that there are.
    return runs.length > 1 && isShown(figures, model, tp) && users.includes(runs[0]?.users ?? 0);
  });
  return [
    row(['model', 'cards', 'users', 'TPOT']),
    row(['---', '---', '---', '---']),
    ...all.map(({ model, tp, users: level, runs }) => {
      return row([model, String(tp), String(level), ranked(runs.map(({ gpu, tpot }) => ({ gpu, ms: tpot })))]);
    }),
  ];
}

function isShown(figures: readonly StudyFigures[], model: string, tp: number): boolean {
  const kinds = (cards: number) => {
    return new Set(figures.filter((each) => each.model === model && each.tp === cards).map(({ gpu }) => gpu)).size;
  };
  const counts = [...new Set(figures.filter((each) => each.model === model).map((each) => each.tp))];
  const most = Math.max(...counts.map(kinds));
  return counts.find((cards) => kinds(cards) === most) === tp;
}

function turningTable(model: string, points: readonly TurningPoint[]): string[] {
  return [
    row([`${model}`, 'than H800', 'than A800', 'than RTX 4090']),
    row(['---', '---', '---', '---']),
    ...points.map(({ cause, unit, from }) => {
      const cells = [from.h800, from.a800, from['rtx-4090']].map((value) => {
        if (value === undefined) return 'never';
        const text = Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(2);
        return unit === '' ? text : `${text} ${unit}`;
      });
      return row([cause, ...cells]);
    }),
  ];
}

function ranked(cards: TileRanking['cards']): string {
  const sorted = cards.toSorted((a, b) => a.ms - b.ms);
  return sorted.map(({ gpu, ms }) => `${gpu} ${milliseconds(ms)}`).join(' < ');
}

function milliseconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

const BEGIN = '<!-- study: written by npm run study -- --docs docs/study.md -->';
const END = '<!-- end of study -->';

/** Replaces the text between a page's two markers; undefined without markers. */
export function withStudy(page: string, tables: string): string | undefined {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) return undefined;
  return `${page.slice(0, from + BEGIN.length)}\n\n${tables}\n\n${page.slice(to)}`;
}
