import { writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure, BuildOptions, BuildResult, Message, Plugin } from 'esbuild';
import { scriptError, type UserError } from '../errors.js';
import { lazily } from '../lazy-require.js';
import { openBundleFolder } from './bundle-folder.js';
import { startWithoutSecrets } from './child-environment.js';
import { REMOTE, remoteScripts } from './k6/remote.js';
import { k6Imports } from './k6/resolve.js';
import { checkScenarioFile } from './scenario-file.js';

const esbuild = lazily<typeof import('esbuild')>('esbuild');

/** Bundled scenario, in files that any thread can load. */
export interface Bundle {
  /** File of the user. */
  readonly file: string;
  /**
   * Path of the scenario, a function called once for each VU. It evaluates to `(require, module, exports, __tokenswarm)
   * => void`.
   */
  readonly script: string;
  /** Path of its packages and JSON files, evaluated once per thread. By name; undefined without any. */
  readonly packages: string | undefined;
  /** False where no file of it imports 'tokenswarm'. */
  readonly importsOurs: boolean;
  /** True where it imports modules of k6. */
  readonly isK6: boolean;
  /** Deletes the files. */
  dispose(): Promise<void>;
}

/** Globals of a scenario, which belong to the VU. */
const GLOBALS = {
  __ENV: '__tokenswarm.env',
  __VU: '__tokenswarm.vu',
  __ITER: '__tokenswarm.iter',
  open: '__tokenswarm.open',
};

/** Function around a scenario, called for each VU. */
const BANNER = { js: 'module.exports = function (require, module, exports, __tokenswarm) {' };
const FOOTER = { js: '};' };

/** Build options of both bundles: CommonJS, with inline source maps. */
const COMMON = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  sourcemap: 'inline',
  sourcesContent: false,
  logLevel: 'silent',
} as const satisfies BuildOptions;

/**
 * Bundles a scenario: its own files, and its packages. The former become one function called for each VU, so that
 * module variables belong to the VU, as in k6; npm packages and JSON files are a bundle of their own, since evaluating
 * them for each VU would cost too much. Scripts imported by address are fetched once; `offline`: never. Throws a
 * UserError with the compiler's errors.
 */
export async function bundle(path: string, { offline = false } = {}): Promise<Bundle> {
  const file = resolve(path);
  checkScenarioFile(path);
  const folder = await openBundleFolder();
  const script = join(folder.path, 'scenario.cjs');
  const shared = new Set<string>();
  const others = new Set<string>();
  const k6 = k6Imports();
  const options: BuildOptions = {
    ...COMMON,
    // Its service would keep to the folder that it was started in.
    absWorkingDir: process.cwd(),
    entryPoints: [file],
    outfile: script,
    define: { ...GLOBALS, ...placesOf(file) },
    plugins: [k6.plugin, remoteScripts(offline), keepShared(shared, others)],
  };
  try {
    await startBuild({ ...options, banner: BANNER, footer: FOOTER }).catch((error: unknown) => {
      // A k6 script may await at its top, which only the second way can compile.
      if (k6.found.size === 0 || !isBuildFailure(error)) throw error;
    });
    if (k6.found.size > 0) await buildK6(options, script);
    const packages = shared.size > 0 ? join(folder.path, 'packages.cjs') : undefined;
    if (packages) await bundlePackages(shared, packages);
    return {
      file,
      script,
      packages,
      isK6: k6.found.size > 0,
      importsOurs: others.has('tokenswarm'),
      dispose: () => folder.dispose(),
    };
  } catch (error) {
    await folder.dispose();
    throw isBuildFailure(error) ? compileError(error.errors) : error;
  }
}

/** Builds a k6 script. A whole module first, then calls awaited in it, then the function of a VU. */
async function buildK6(options: BuildOptions, script: string): Promise<void> {
  const folder = dirname(script);
  const { outputFiles } = await startBuild({ ...options, format: 'esm', sourcemap: 'external', write: false });
  const textOf = (ending: string) => outputFiles?.find(({ path }) => path.endsWith(ending))?.text ?? '';
  const bundled = { code: textOf('.cjs'), map: textOf('.map').replaceAll(`"${REMOTE}:http`, '"http') };
  const { awaitK6 } = await import('./k6/transform.js');
  const { code, map } = awaitK6(bundled, (source) => (source.startsWith('http') ? source : resolve(folder, source)));
  const comment = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`;
  const { bundle: _, outfile: __, ...common } = { ...COMMON, outfile: '' };
  const done = await startWithoutSecrets(() =>
    esbuild().transform(`${code}\n${comment}`, { ...common, loader: 'js', banner: BANNER.js, footer: FOOTER.js }),
  );
  await writeFile(script, done.code);
}

/** Builds; the compiler's process, which the first call starts, gets no keys. */
function startBuild(options: BuildOptions): Promise<BuildResult> {
  return startWithoutSecrets(() => esbuild().build(options));
}

/** Builds files of the user's; imports in `external` become their URLs. Throws a UserError with the compiler's errors. */
export async function buildFiles(options: BuildOptions, external: Readonly<Record<string, string>>): Promise<void> {
  const plugin: Plugin = {
    name: 'external',
    setup({ onResolve }) {
      onResolve({ filter: /.*/ }, ({ path }) => {
        const url = Object.hasOwn(external, path) ? external[path] : undefined;
        return url === undefined ? undefined : { path: url, external: true };
      });
    },
  };
  try {
    await startBuild({ ...COMMON, absWorkingDir: process.cwd(), plugins: [plugin], ...options });
  } catch (error) {
    throw isBuildFailure(error) ? compileError(error.errors) : error;
  }
}

/** Path constants of a scenario, those of its first file everywhere. */
function placesOf(file: string): Readonly<Record<string, string>> {
  const url = JSON.stringify(pathToFileURL(file).href);
  const path = JSON.stringify(file);
  const folder = JSON.stringify(dirname(file));
  return {
    'import.meta.url': url,
    'import.meta.filename': path,
    'import.meta.dirname': folder,
    __filename: path,
    __dirname: folder,
  };
}

/** Keeps npm packages and JSON files external. Records their paths; `others` are Node's modules and ours. */
function keepShared(shared: Set<string>, others: Set<string>): Plugin {
  return {
    name: 'shared',
    setup({ onResolve, resolve: find }) {
      onResolve({ filter: /.*/ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
        if (kind === 'entry-point' || pluginData === 'found') return undefined;
        if (path === 'tokenswarm' || path.startsWith('node:') || builtinModules.includes(path)) {
          others.add(path);
          return { path, external: true };
        }
        const own = path.startsWith('.') || path.startsWith('/');
        if (own && !path.endsWith('.json')) return undefined;
        const found = await find(path, { kind, resolveDir, importer, pluginData: 'found' });
        if (found.errors.length > 0) return { errors: found.errors };
        // A path of tsconfig, such as `@/prompts`, resolves to a file of the user's own.
        const installed = found.path.split(sep).includes('node_modules');
        if (!installed && !found.path.endsWith('.json')) return { path: found.path };
        shared.add(found.path);
        return { path: found.path, external: true };
      });
    },
  };
}

async function bundlePackages(shared: ReadonlySet<string>, outfile: string): Promise<void> {
  const imports = [...shared].map((path) => `${JSON.stringify(path)}: () => require(${JSON.stringify(path)}),`);
  await startBuild({
    ...COMMON,
    absWorkingDir: process.cwd(),
    stdin: { contents: `module.exports = {\n${imports.join('\n')}\n};`, resolveDir: dirname(outfile), loader: 'js' },
    outfile,
    loader: { '.node': 'copy' },
  });
}

/** Locates the syntax error of a JSON text, as `:line:column`. */
export async function findJsonMistake(text: string): Promise<{ readonly place: string; readonly message: string }> {
  try {
    await startWithoutSecrets(() => esbuild().transform(text, { loader: 'json', logLevel: 'silent' }));
  } catch (error) {
    const [first] = isBuildFailure(error) ? error.errors : [];
    if (first?.location) {
      return { place: `:${first.location.line}:${first.location.column + 1}`, message: first.text };
    }
  }
  return { place: '', message: 'it cannot be read' };
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
}

/** UserError with all errors of the compiler and their places. */
function compileError(errors: readonly Message[]): UserError {
  const [first, ...others] = errors.map(({ text, location }) => {
    const where = location ? `${location.file}:${location.line}:${location.column + 1}` : undefined;
    return { where, text: inOurWords(text), line: location?.lineText.trim() };
  });
  const more = others.map(({ where, text }) => `\n${where ?? ''} ${text}`).join('');
  return scriptError(
    first?.where,
    `${first?.text ?? 'the scenario cannot be compiled'}${first?.line ? `\n  ${first.line}` : ''}${more}`,
    missingPackage(errors) ?? 'fix the scenario file',
  );
}

/** Hint for a package that is not there. Undefined for any other error. */
function missingPackage(errors: readonly Message[]): string | undefined {
  const name = /^Could not resolve "((?:@[^/"]+\/)?[^./"][^/"]*)/.exec(errors[0]?.text ?? '')?.[1];
  return name && `npm install ${name} in the scenario's folder, or above it; Python packages do not work here`;
}

/** Explains errors due to the function around the scenario. */
function inOurWords(text: string): string {
  if (!text.startsWith('Top-level await')) return text;
  return 'top-level await is not supported, since the file runs once per VU: await in setup() or in the iteration';
}
