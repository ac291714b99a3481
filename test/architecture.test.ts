import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from './support/command.js';
import { rowsBelow } from './support/page.js';

/** Files that everybody may import and that import nothing of ours but one another. */
const BASE = ['engine/errors.ts', 'engine/clock.ts', 'engine/lazy.ts', 'engine/random.ts'];

/**
 * Who may import whom: a file may import from its own folder, from the base, and from what stands here for it.
 * The longest matching key counts. docs/architecture.md explains the table.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'engine/errors.ts': [],
  'engine/clock.ts': [],
  'engine/lazy.ts': [],
  'engine/random.ts': [],
  'engine/executors': ['engine/data'],
  'engine/metrics': [],
  'engine/client': [],
  'engine/data': ['engine/tokens'],
  'engine/hardware': [],
  'engine/tokens': [],
  'engine/simulator': ['engine/hardware'],
  'engine/server-metrics': ['engine/client', 'engine/metrics'],
  'engine/analysis': ['engine/hardware', 'engine/metrics'],
  'engine/sweep': ['engine/metrics'],
  'engine/virtual': [
    'engine/client',
    'engine/data',
    'engine/executors',
    'engine/metrics',
    'engine/simulator',
    'engine/vu',
  ],
  'engine/study': ['engine/hardware', 'engine/metrics'],
  'engine/api': ['engine/client', 'engine/metrics'],
  'engine/script': ['engine/api', 'engine/data', 'engine/executors', 'engine/metrics'],
  'engine/vu': ['engine/api', 'engine/client', 'engine/data', 'engine/metrics', 'engine/tokens'],
  'engine/workers': [
    'engine/api',
    'engine/client',
    'engine/data',
    'engine/executors',
    'engine/metrics',
    'engine/script',
    'engine/tokens',
    'engine/vu',
  ],
  engine: [
    'engine/analysis',
    'engine/api',
    'engine/client',
    'engine/data',
    'engine/executors',
    'engine/hardware',
    'engine/metrics',
    'engine/script',
    'engine/server-metrics',
    'engine/simulator',
    'engine/study',
    'engine/sweep',
    'engine/tokens',
    'engine/virtual',
    'engine/vu',
    'engine/workers',
  ],
  reporters: ['engine/analysis', 'engine/metrics', 'engine/study', 'engine/sweep'],
  bin: [
    'engine/core.ts',
    'engine/index.ts',
    'engine/script/option-table.ts',
    'engine/script/option-text.ts',
    'engine/sweep',
    'reporters/core.ts',
    'reporters/index.ts',
    'engine/simulator/index.ts',
  ],
  scenarios: [],
};

/** Packages that one place alone may know. */
const SOLE_IMPORTERS: Readonly<Record<string, string>> = {
  piscina: 'engine/workers/pool.ts',
  esbuild: 'engine/script/bundle.ts',
  'hdr-histogram-js': 'engine/metrics/histogram.ts',
  'eventsource-parser': 'engine/client/event-stream.ts',
  undici: 'engine/client/',
  'tough-cookie': 'engine/client/http/cookie-jar.ts',
  valibot: 'engine/',
  commander: 'bin/',
  'csv-parse': 'engine/data/delimited.ts',
  'csv-stringify': 'reporters/',
  'fast-xml-builder': 'reporters/junit.ts',
  tinyglobby: 'engine/benchmark-files.ts',
  uplot: 'reporters/html/page/',
  '@huggingface/tokenizers': 'engine/tokens/tokenizer.ts',
  leven: 'engine/errors.ts',
  blessed: 'reporters/dashboard/screen.ts',
  'blessed-contrib': 'reporters/dashboard/screen.ts',
};

const LONGEST_FILE = 260;

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sources(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const path = join(folder, name);
      const text = readFileSync(join(ROOT, path), 'utf8');
      const imports = [...text.matchAll(/^(?:import|export)[^'"]*?from '([^']+)'/gms)].map(([, from]) => from ?? '');
      return { path, text, imports };
    });
}

/** An import as the path of our own file, or undefined for a package. */
function ownPath({ path }: Source, from: string): string | undefined {
  return from.startsWith('.') ? relative(ROOT, join(ROOT, dirname(path), from.replace(/\.js$/, '.ts'))) : undefined;
}

function ruleFor(path: string): string {
  const keys = Object.keys(MAY_IMPORT).filter((key) => path === key || path.startsWith(`${key}/`));
  return keys.sort((a, b) => b.length - a.length)[0] ?? '';
}

const ALL = ['engine', 'reporters', 'bin', 'scenarios'].flatMap(sources);

describe('architecture', () => {
  it('finds the sources and their imports', () => {
    assert.ok(ALL.length > 60, `${ALL.length} files`);
    assert.ok(ALL.flatMap(({ imports }) => imports).length > 200);
  });

  for (const source of ALL) {
    it(`${source.path} imports only what it may`, () => {
      const rule = ruleFor(source.path);
      assert.notEqual(rule, '', 'no rule covers this file');
      for (const from of source.imports) {
        const path = ownPath(source, from);
        if (path === undefined) continue;
        const target = ruleFor(path);
        const allowed =
          target === rule ||
          BASE.includes(path) ||
          (MAY_IMPORT[rule] ?? []).some((may) => may === path || path.startsWith(`${may}/`));
        assert.ok(allowed, `${source.path} may not import ${path}`);
      }
    });
  }

  it('knows each package in one place', () => {
    for (const { path, imports } of ALL) {
      for (const from of imports) {
        const name = Object.keys(SOLE_IMPORTERS).find((known) => from === known || from.startsWith(`${known}/`));
        if (name) assert.ok(path.startsWith(SOLE_IMPORTERS[name] ?? ''), `${path} imports ${name}`);
        else assert.ok(/^(\.|node:|tokenswarm$)/.test(from), `${path} imports ${from}, which no rule knows`);
      }
    }
  });

  it('is as docs/architecture.md tells it', () => {
    const folders = ['engine', ...readdirSync(join(ROOT, 'engine')).map((name) => `engine/${name}`)];
    const whole = (name: string) => {
      if (name === 'engine/*.ts') return 'engine';
      return folders.includes(`engine/${name.split('/')[0]}`) ? `engine/${name}` : name;
    };
    const told = rowsBelow('architecture.md', '## Who may import whom').flatMap(([from = '', may = '']) => {
      const allowed = may === 'nothing of ours' ? [] : may.split(', ').map(whole);
      return from.split(', ').map((name) => [whole(name), allowed.toSorted()] as const);
    });
    const rules = Object.entries(MAY_IMPORT).filter(([name]) => !BASE.includes(name));
    assert.deepEqual(Object.fromEntries(told), Object.fromEntries(rules.map(([name, may]) => [name, may.toSorted()])));
    const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
    const files = ALL.map(({ path }) => path).filter((path) => /^engine\/[^/]+$/.test(path));
    const untold = [...folders.slice(1), ...files]
      .map((path) => path.replace('engine/', ''))
      .filter((name) => !page.includes(name.replace(/^handle-summary.*/, 'handle-summary*.ts')));
    assert.deepEqual(untold, []);
  });

  it('lets scenarios import tokenswarm alone', () => {
    for (const { path, imports } of sources('scenarios')) assert.deepEqual([...new Set(imports)], ['tokenswarm'], path);
  });

  it('ends the process and prints only where commands and reports are', () => {
    for (const { path, text } of sources('engine')) {
      // Texts and comments may speak of what code must not do.
      const code = text.replace(/`[^`]*`|'[^'\n]*'|\/\*\*[\s\S]*?\*\//g, '');
      // It only waits for what the script has printed.
      if (path === 'engine/workers/printed.ts') continue;
      assert.ok(!/\bprocess\.exit\b|\bconsole\.|process\.std(out|err)/.test(code), path);
    }
  });

  it('touches timers in the clock alone, and in the simulator, which has a schedule of its own', () => {
    for (const { path, text } of sources('engine')) {
      if (path === 'engine/clock.ts' || path.startsWith('engine/simulator/')) continue;
      assert.ok(!/\bset(Timeout|Interval|Immediate)\(/.test(text), path);
    }
  });

  it('keeps files short and folders free of grab bags', () => {
    for (const { path, text } of ALL) {
      assert.ok(text.split('\n').length <= LONGEST_FILE, `${path} is too long`);
      assert.ok(!/utils?|helpers?|manager|types\.ts/.test(path), path);
    }
  });
});
