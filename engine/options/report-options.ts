import { commandOption, REPORTING, RUNNING } from './option.js';

/** Options of the command line about its output. */
export const reportOptions = {
  out: commandOption({
    kind: 'list',
    flag: '-o, --out <format=path>',
    commands: REPORTING,
    meaning: 'write a report: json=results/run.json, html=run.html, … (docs/reports.md); repeatable',
    docs: 'write a report, such as `json=results/run.json`, see [reports.md](reports.md); repeatable, the variable with commas',
  }),
  summary: commandOption({
    kind: 'text',
    flag: '--summary <name>',
    commands: REPORTING,
    meaning: 'what to print: text, full, json, locust, locust-requests, vllm, none',
    docs: 'what to print at the end, see [reports.md](reports.md)',
  }),
  quiet: commandOption({
    kind: 'switch',
    flag: '-q, --quiet',
    commands: RUNNING,
    meaning: 'no progress during the run',
  }),
  web: commandOption({
    kind: 'text',
    flag: '--web [port]',
    commands: RUNNING,
    meaning: 'serve a live page of the run on the loopback, --web=PORT at a port',
    docs: 'serve a [live page](dashboard.md#in-a-browser) of the run: `--web`, `--web=PORT` or `--web=HOST:PORT`',
  }),
  dashboard: commandOption({
    kind: 'text',
    flag: '--dashboard <when>',
    commands: RUNNING,
    meaning: 'on, off or auto',
    docs: 'the [live dashboard](dashboard.md): `on`, `off`, or `auto`: where stdout is a terminal',
    otherwise: 'auto',
  }),
};
