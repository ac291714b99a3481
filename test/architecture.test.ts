import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from './support/command.js';
import { rowsBelow } from './support/page.js';

/** Files at the root of engine/ that every folder may import. */
const BASE = ['errors', 'clock', 'lazy-require', 'own-files', 'random', 'schema', 'version'].map(
  (name) => `engine/${name}.ts`,
);

/** Packages that one place alone may know. */
const SOLE_IMPORTERS: Readonly<Record<string, string | readonly string[]>> = {
  undici: ['reporters/otlp/post.ts', 'engine/script/k6/remote.ts'],
  esbuild: 'engine/script/',
  acorn: 'engine/script/k6/',
  'eslint-scope': 'engine/script/k6/',
  'magic-string': 'engine/script/k6/',
  '@jridgewell/remapping': 'engine/script/k6/',
  '@jridgewell/trace-mapping': 'engine/script/k6/',
  cheerio: 'engine/vu/k6/html.ts',
  ws: 'engine/vu/k6/web-socket-link.ts',
  'hdr-histogram-js': 'engine/metrics/histogram.ts',
  'eventsource-parser': 'engine/client/sse/event-stream.ts',
  tinyqueue: 'engine/simulator/scheduler/fixed-pace.ts',
  'tough-cookie': 'engine/client/http/cookie-jar.ts',
  valibot: 'engine/',
  commander: 'bin/',
  'csv-parse': 'engine/data/delimited.ts',
  'csv-stringify': 'reporters/',
  'string-width': 'reporters/terminal-text.ts',
  'wrap-ansi': 'reporters/terminal-text.ts',
  yaml: 'engine/results/import/documents.ts',
  'fast-xml-builder': 'reporters/junit.ts',
  pbf: 'reporters/prometheus/protobuf.ts',
  tinyglobby: 'engine/results/benchmark-files.ts',
  uplot: 'reporters/html/page/',
  '@huggingface/tokenizers': 'engine/tokens/tokenizer.ts',
  leven: 'engine/errors.ts',
  msgpackr: 'engine/locust/messages.ts',
  piscina: 'engine/workers/main/threads.ts',
  blessed: 'reporters/dashboard/screen.ts',
  'blessed-contrib': 'reporters/dashboard/screen.ts',
};

const LONGEST_FILE = 250;

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

/** Path of our own file that an import names; undefined for packages. */
function ownPath({ path }: Source, from: string): string | undefined {
  return from.startsWith('.') ? relative(ROOT, join(ROOT, dirname(path), from.replace(/\.js$/, '.ts'))) : undefined;
}

/** Path that a name in the page's table stands for. `metrics` is a folder of engine/. */
function pathOf(name: string): string {
  if (name === 'engine/*.ts') return 'engine';
  return existsSync(join(ROOT, 'engine', name)) ? `engine/${name}` : name;
}

/** Import rules of docs/architecture.md: folder → folders and files. */
const MAY_IMPORT = new Map(
  rowsBelow('architecture.md', '## Who may import whom').flatMap(([from = '', may = '']) => {
    const allowed = may === 'nothing of ours' ? [] : may.split(', ').map(pathOf);
    return from.split(', ').map((name) => [pathOf(name), allowed] as const);
  }),
);

/** Folder whose row of the table covers a file, the longest match. */
function ruleFor(path: string): string {
  const keys = [...MAY_IMPORT.keys()].filter((key) => path.startsWith(`${key}/`));
  return keys.sort((a, b) => b.length - a.length)[0] ?? '';
}

/** True where `may`, an entry of a row, covers a file. `engine` covers its loose files alone. */
function covers(may: string, path: string): boolean {
  if (may === 'engine') return /^engine\/[^/]+$/.test(path);
  return may === path || path.startsWith(`${may}/`);
}

const ALL = ['engine', 'reporters', 'bin', 'scenarios'].flatMap(sources);

/** A circle of imports, each file importing the next; undefined without one. */
function importCircle(all: readonly Source[]): readonly string[] | undefined {
  const known = new Map(all.map((source) => [source.path, source]));
  const done = new Set<string>();
  const visit = (path: string, above: readonly string[]): readonly string[] | undefined => {
    if (above.includes(path)) return [...above.slice(above.indexOf(path)), path];
    const source = known.get(path);
    if (!source || done.has(path)) return undefined;
    for (const from of source.imports) {
      const next = ownPath(source, from);
      const circle = next === undefined ? undefined : visit(next, [...above, path]);
      if (circle) return circle;
    }
    done.add(path);
    return undefined;
  };
  for (const { path } of all) {
    const circle = visit(path, []);
    if (circle) return circle;
  }
  return undefined;
}

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
        const allowed =
          ruleFor(path) === rule ||
          BASE.includes(path) ||
          (MAY_IMPORT.get(rule) ?? []).some((may) => covers(may, path));
        assert.ok(allowed, `${source.path} may not import ${path}`);
      }
    });
  }

  it('has no import circle', () => {
    const circle = importCircle(ALL);
    assert.equal(circle, undefined, circle?.join(' → '));
  });

  it('knows each package in one place', () => {
    for (const { path, imports } of ALL) {
      for (const from of imports) {
        const name = Object.keys(SOLE_IMPORTERS).find((known) => from === known || from.startsWith(`${known}/`));
        const places = [SOLE_IMPORTERS[name ?? ''] ?? []].flat();
        if (name)
          assert.ok(
            places.some((place) => path.startsWith(place)),
            `${path} imports ${name}`,
          );
        else assert.ok(/^(\.|node:|tokenswarm$)/.test(from), `${path} imports ${from}, which no rule knows`);
      }
    }
  });

  it('names each folder of the engine in docs/architecture.md', () => {
    const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
    const folders = readdirSync(join(ROOT, 'engine'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.deepEqual(
      folders.map(({ name }) => name).filter((name) => !page.includes(`\n  ${name}/ `)),
      [],
    );
  });

  it('keeps at most eight files loose at the root of the engine', () => {
    const loose = ALL.filter(({ path }) => /^engine\/[^/]+$/.test(path)).map(({ path }) => path);
    assert.ok(loose.length <= 8, loose.join(', '));
  });

  it('lets scenarios import tokenswarm alone', () => {
    for (const { path, imports } of sources('scenarios')) assert.deepEqual([...new Set(imports)], ['tokenswarm'], path);
  });

  it('ends the process and prints only where commands and reports are', () => {
    for (const { path, text } of sources('engine')) {
      // Texts and comments may speak of what code must not do.
      const code = text.replace(/`[^`]*`|'[^'\n]*'|\/\*\*[\s\S]*?\*\//g, '');
      // They wait for what the script prints, and say where it goes.
      if (/^engine\/workers\/thread\/(flush-stdio|script-console)\.ts$/.test(path)) continue;
      assert.ok(!/\bprocess\.exit\b|\bconsole\.|process\.std(out|err)/.test(code), path);
    }
  });

  it('hands commands their process as an argument', () => {
    const own = ['tokenswarm.ts', 'process-io.ts', 'campaign/server-supervisor.ts'];
    for (const { path, text } of [...sources('bin'), ...sources('reporters')]) {
      if (own.some((name) => path === `bin/${name}`)) continue;
      const code = text.replace(/\/\*\*[\s\S]*?\*\//g, '');
      assert.ok(!/\bprocess\.(std(in|out|err)|env|cwd|exit|exitCode|argv|send)\b/.test(code), path);
    }
  });

  it("sets V8's flags once, before a module of ours is loaded", () => {
    const setters = ALL.filter(({ path, text }) => !path.startsWith('test/') && text.includes('setFlagsFromString('));
    assert.deepEqual(
      setters.map(({ path }) => path),
      ['bin/tokenswarm.ts'],
    );
    const [before] = setters[0]!.text.split('setFlagsFromString(', 1);
    assert.deepEqual(before?.match(/^import .*/gm), ["import { setFlagsFromString } from 'node:v8';"]);
    assert.doesNotMatch(setters[0]!.text, /\bfrom '\./);
  });

  it('touches timers in the clock alone, and in the simulator, which has a schedule of its own', () => {
    for (const { path, text } of sources('engine')) {
      if (path === 'engine/clock.ts' || path.startsWith('engine/simulator/')) continue;
      assert.ok(!/\bset(Timeout|Interval|Immediate)\(/.test(text), path);
    }
  });

  it('keeps files short and folders free of grab bags', () => {
    for (const { path, text } of [...ALL, ...sources('test')]) {
      const lines = text.trimEnd().split('\n').length;
      assert.ok(lines <= LONGEST_FILE, `${path} has ${lines} lines, at most ${LONGEST_FILE} expected`);
      assert.ok(!/utils?|helpers?|manager|types\.ts/.test(path), path);
    }
  });
});
