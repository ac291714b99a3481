import { isPlainHttp } from '../../plain-http.js';
import { shorten } from '../../terminal-text.js';
import { fit, type Panel, type Size, type View } from '../view.js';

/** Keys, or for a while a message. */
export function footer({ paint, choice, ascii, snapshot }: View, message: string | undefined, { width }: Size): Panel {
  if (message !== undefined) return { lines: [paint.bold(` ${shorten(message, width - 1)}`)] };
  const keys: readonly (readonly [string, string])[] = [
    ['q', 'quit'],
    ['p', snapshot.activity === 'paused' ? 'resume' : 'pause'],
    ['+/-', 'users'],
    ...(isPlainHttp(snapshot) ? [] : [['Tab', choice.metric.toUpperCase()] as const]),
    ['w', choice.window],
    ['s', 'save'],
    ['?', 'help'],
    [ascii ? 'arrows' : '↑↓←→', 'scroll'],
    ['o', 'order'],
  ];
  return {
    lines: [
      ` ${fit(
        keys.map(([key, does]) => `${paint.bold(key)} ${does}`),
        width - 1,
      )}`,
    ],
  };
}

const HELP: readonly (readonly [string, string])[] = [
  ['q, Ctrl-C', 'stop: start no further iteration, wait for running ones'],
  ['  again', 'stop at once; a third time: leave without a summary'],
  ['p', 'pause: no iteration starts; again: resume'],
  ['+  -', 'change the users of a closed scenario'],
  ['n', 'the next closed scenario, for + and -'],
  ['Tab', 'the latency shown: TTFT, TPOT, ITL, E2E'],
  ['w', 'time range of the charts: 1m, 5m, the whole run'],
  ['o', 'order of the requests: by name, requests, fails, p95'],
  ['arrows', 'scroll the requests: rows, and columns that do not fit'],
  ['s', 'write a summary now, without stopping'],
  ['', ''],
  ['charts', 'one value a second; gaps are seconds without a sample'],
  ['table', 'of the run so far; req/s, fail/s and tok/s of the last seconds'],
];

/** Help on all keys, in place of everything else. */
export function help({ paint }: View, { width, height }: Size): Panel {
  const lines = HELP.map(([key, does]) => fit([`   ${paint.bold(key.padEnd(10))}`, does], width));
  return { lines: ['', ` ${paint.bold('KEYS')}`, '', ...lines, '', '   any key goes back'].slice(0, height) };
}
