import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ownTrace } from '../../../bin/own-trace.js';
import { ROOT } from '../../support/command.js';

describe('the trace of an error of our own', () => {
  it('shows our source files in place of the bundles', async () => {
    const bundled = pathToFileURL(join(ROOT, 'dist/bundle/reporters/index.js')).href;
    const { summaryText } = (await import(bundled)) as { readonly summaryText: (summary: unknown) => string };
    let stack = '';
    try {
      summaryText(undefined);
    } catch (error) {
      stack = (error as Error).stack ?? '';
    }
    assert.match(stack, /dist\/bundle\//);
    const trace = ownTrace(stack);
    assert.doesNotMatch(trace, /dist\/bundle\//);
    const [, file = '', line] = /\(((?:reporters|engine)\/[^:]+\.ts):(\d+):\d+\)/.exec(trace) ?? [];
    const said = readFileSync(join(ROOT, file), 'utf8').split('\n')[Number(line) - 1];
    assert.match(said ?? '', /summary/);
  });

  it('leaves other places as they are', () => {
    const stack = 'Error: a\n    at f (file:///home/a/dist/bundle/gone.js:1:2)\n    at g (/home/a/x.ts:3:4)';
    assert.equal(ownTrace(stack), stack);
  });
});
