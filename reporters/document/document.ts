import type { Chart, LineChart } from './chart.js';
import type { LaneChart } from './lanes.js';

/** Form of a report. The short text, the full text, the page, or Markdown. */
export type Medium = 'short' | 'text' | 'html' | 'markdown';

/** Judgement of a text, which colors it and chooses its mark. */
export type Tone = 'good' | 'doubtful' | 'bad' | 'muted';

/** Part of a report that may be left out of some media. */
interface Part {
  /** Media that show it; default: all. */
  readonly only?: Medium | readonly Medium[] | undefined;
}

/** Text of a cell. Text tables leave out its note, which is in small print. */
export interface Cell {
  readonly text: string;
  readonly note?: string | undefined;
  readonly tone?: Tone | undefined;
  /** Mark behind a figure: `*`. */
  readonly mark?: string | undefined;
  /** File beside a page, or another address. */
  readonly link?: string;
}

/** Column of a table; figures are right-aligned. The first one names its row. */
export interface Column extends Part {
  readonly head: string;
  /** Characters beyond which a terminal cuts its texts. */
  readonly most?: number;
  readonly kind?: 'figure' | 'text';
  /** Order of removal where a terminal is narrow, from 1. Without a number it stays. */
  readonly leaves?: number | undefined;
}

/** Row of a table. A cell per column, undefined for an empty one. */
export interface Row extends Part {
  readonly cells: readonly (Cell | string | undefined)[];
  /** Mark of a marked table. Else the color of its line in a terminal. */
  readonly tone?: Tone | undefined;
  /** Mark in place of the tone's. */
  readonly mark?: string | undefined;
  /** Heading of the rows that follow, in place of cells. */
  readonly heading?: string;
  readonly aside?: string | undefined;
  /** Lines below it, such as a message. */
  readonly below?: readonly (Part & { readonly text: string })[];
}

/** Rows below a head. Without rows `empty` stands in its place, if given. */
export interface Table extends Part {
  readonly kind: 'table';
  /** Begins each row with the mark of its tone. Has no head in a terminal. */
  readonly isMarked?: boolean | undefined;
  /** Label, value and note on a dotted line of a terminal. */
  readonly isDotted?: boolean | undefined;
  /** Columns of figures have one width in a terminal. Long labels have lines of their own. */
  readonly isEven?: boolean | undefined;
  readonly title?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Sentence below it. */
  readonly note?: string | undefined;
  readonly empty?: string;
}

/** Sentence with a mark, and further ones below it. One without tone is a title. */
export interface Item extends Part {
  readonly text: string;
  readonly tone?: Tone;
  readonly below?: readonly string[];
  /** Mark of cells that it explains. Left out where none has it. */
  readonly explains?: string;
}

/** Answer in one sentence, and notes below it. */
interface Verdict extends Part {
  readonly kind: 'verdict';
  readonly tone: Tone;
  readonly text: string;
  readonly notes: readonly string[];
}

/** Headline figure in large print. */
interface Card {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

/** Block of a section. A page lets its script draw `charts` and `lanes`; `drawings` need none. */
export type Block =
  | Table
  | (Part & { readonly kind: 'list'; readonly items: readonly Item[]; readonly empty?: string })
  | Verdict
  | (Part & { readonly kind: 'cards'; readonly cards: readonly Card[] })
  | (Part & { readonly kind: 'paragraph'; readonly text: string })
  | (Part & { readonly kind: 'charts'; readonly charts: readonly LineChart[] })
  | (Part & { readonly kind: 'drawings'; readonly charts: readonly Chart[] })
  | (Part & { readonly kind: 'lanes'; readonly chart: LaneChart });

/** Blocks below a heading. Without any content it is left out. */
export interface Section extends Part {
  readonly title: string;
  /** Said beside the title. */
  readonly aside?: string | undefined;
  readonly blocks: readonly Block[];
  /** Closed at first on a page, but for its drawings. */
  readonly isFolded?: boolean;
}

/** Report as plain data, from which every medium is rendered. */
export interface Report {
  /** Kind of the report: `comparison`. */
  readonly name: string;
  readonly title: string;
  /** Rest of the sentence that begins with the title. */
  readonly lead?: string;
  /** Subject of the report. A terminal shows it in place of the title. */
  readonly facts?: Readonly<Record<string, string | undefined>>;
  /** Version of tokenswarm that made the figures. */
  readonly version?: string;
  /** Labels shown beside the title of a page. */
  readonly chips?: Readonly<Record<string, string>>;
  /** Last words of a page. */
  readonly footer?: string;
  /** True for each run or group in it that is simulated. */
  readonly simulated: readonly boolean[];
  readonly sections: readonly Section[];
}

/** Notice that opens a report on simulated runs; else none. */
export function simulatedNotice(simulated: readonly boolean[]): { text: string; more: string } | undefined {
  if (!simulated.includes(true)) return undefined;
  return simulated.includes(false)
    ? {
        text: 'Some figures are simulated',
        more: 'They are marked everywhere, drawn hollow, and ranked separately.',
      }
    : {
        text: 'Simulated: no server and no card has been measured',
        more: "Every figure here is a prediction of the simulator's model.",
      };
}

/** Section with a table of these columns and rows. */
export function tableSection(
  title: string,
  columns: readonly Column[],
  rows: readonly (Row['cells'] | Row)[],
  more: Omit<Section, 'title' | 'blocks'> & Pick<Table, 'empty' | 'isMarked' | 'isDotted' | 'isEven'> = {},
): Section {
  const { empty = '', isMarked, isDotted, isEven, ...others } = more;
  const all = rows.map((row) => ('cells' in row ? row : { cells: row }));
  return { title, blocks: [{ kind: 'table', columns, rows: all, empty, isMarked, isDotted, isEven }], ...others };
}

/** Section with sentences of one tone. */
export function listSection(title: string, tone: Tone, texts: readonly string[]): Section {
  return itemSection(
    title,
    texts.map((text) => ({ text, tone })),
  );
}

/** Section with sentences. */
export function itemSection(
  title: string,
  items: readonly Item[],
  { empty = '', ...more }: Omit<Section, 'title' | 'blocks'> & { readonly empty?: string } = {},
): Section {
  return { title, blocks: [{ kind: 'list', items, empty }], ...more };
}

/** Section with charts. */
export function chartSection(title: string, aside: string | undefined, charts: readonly LineChart[]): Section {
  return { title, aside, blocks: [{ kind: 'charts', charts }] };
}

/** Section with drawings. */
export function drawnSection(title: string, charts: readonly Chart[]): Section {
  return { title, blocks: [{ kind: 'drawings', charts }] };
}

/** Answer of a report, in one sentence with notes. */
export function verdict(tone: Tone, text: string, notes: readonly string[] = []): Verdict {
  return { kind: 'verdict', tone, text, notes };
}

/** Column of text. */
export function text(head: string, only?: Part['only']): Column {
  return { head, kind: 'text', only };
}

/** Column of figures. */
export function figure(head: string, only?: Part['only']): Column {
  return { head, only };
}

/** Mark of each tone. */
export const MARKS: Readonly<Record<Tone, string>> = { good: '✓', doubtful: '!', bad: '✗', muted: '-' };

/** Tone of a verdict on the numbers. */
export const QUALITY = { valid: 'good', suspect: 'doubtful', invalid: 'bad' } as const;

/** Name whose words stay on one line. */
export function whole(name: string): string {
  return name.replaceAll(' ', '\u00a0');
}
