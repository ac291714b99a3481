// Bundles what the package ships into `dist/bundle`: a thread that loads five files starts in a fraction of the time that
// five hundred take. Also the script and style of pages, into `dist/page`.
import { chmodSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

/** First files of the main thread of a process, what programs import, and what imports such. They share every module. */
const MAIN = [
  'bin/tokenswarm.ts',
  'engine/index.ts',
  'engine/api/index.ts',
  'engine/run/handle-summary-worker.ts',
  'reporters/index.ts',
  'reporters/core.ts',
];

/** First files of other threads and processes. Each has all of its modules for itself. */
const OTHERS = [
  'engine/workers/thread/worker.ts',
  'engine/workers/main/idle-probe-worker.ts',
  'engine/tokens/counter-process.ts',
  'bin/campaign/server-supervisor.ts',
];

const CODE = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  // Beside the files, for our own errors alone: Node reads maps that a file names as it loads it.
  sourcemap: 'external',
  sourcesContent: false,
  outbase: '.',
  outdir: 'dist/bundle',
  logLevel: 'warning',
};

const PAGE = {
  entryPoints: ['reporters/html/page/page.ts', 'reporters/html/page/live.ts'],
  bundle: true,
  minify: true,
  target: 'es2022',
  outdir: 'dist/page',
  logLevel: 'warning',
};

rmSync('dist/bundle', { recursive: true, force: true });
await Promise.all([
  build(PAGE),
  ...OTHERS.map((entry) => build({ ...CODE, entryPoints: [entry], chunkNames: 'threads/[name]-[hash]' })),
]);
// Last, since `prepare.mjs` takes its command for the end of a build.
await build({ ...CODE, entryPoints: MAIN, chunkNames: 'main/[name]-[hash]' });
chmodSync('dist/bundle/bin/tokenswarm.js', 0o755);
// npx keeps links to the command of earlier builds of this checkout, for good.
chmodSync('dist/bin/tokenswarm.js', 0o755);
