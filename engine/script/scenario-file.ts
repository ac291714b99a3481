import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { configError } from '../errors.js';

/** Endings of JavaScript and TypeScript. */
const SCRIPT = /^\.[cm]?[jt]sx?$/i;

const NEW = 'give the path of a .ts or .js file; `tokenswarm new my-test.ts` writes one to start from';

/** Problems and hints of files taken for scenarios, by ending. */
const OTHERS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  '.json': [
    'it is JSON, no scenario',
    'give the scenario, a .ts or .js file, and this one with --config if it has options',
  ],
  '.py': [
    'it is Python: a scenario is a .ts or .js file',
    'a locustfile stays with Locust; docs/k6.md shows what its parts are in a scenario',
  ],
};

/** Refuses a path that is missing or no script. Throws a UserError. */
export function checkScenarioFile(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw configError(path, 'there is no such scenario file', NEW);
  const ending = extname(path).toLowerCase();
  const [what, hint] = OTHERS[ending] ?? [
    `a scenario is a .ts or .js file, not ${ending || 'one without an ending'}`,
    NEW,
  ];
  if (!SCRIPT.test(ending)) throw configError(path, what, hint);
}
