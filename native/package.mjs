// Makes what is to be published: `node native/package.mjs FOLDER` packs the reader, compiled for this system, and
// tokenswarm itself with all such packages as optional dependencies, of which npm installs the one that fits.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './build.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SYSTEMS = ['linux-x64', 'linux-x64-musl', 'linux-arm64', 'linux-arm64-musl'];
const nameOf = (system) => `tokenswarm-reader-${system}`;

const [, , to] = process.argv;
if (!to) throw new Error('expected a folder: node native/package.mjs FOLDER');
const folder = resolve(to);
mkdirSync(folder, { recursive: true });
const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const work = mkdtempSync(join(tmpdir(), 'tokenswarm-package-'));
try {
  await packReader(join(work, 'reader'));
  packOwn(join(work, 'own'));
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Packs a folder into the given one. */
function pack(from, ...flags) {
  const text = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder, ...flags], {
    cwd: from,
    encoding: 'utf8',
  });
  process.stdout.write(text);
  return join(folder, text.trim());
}

async function packReader(from) {
  const { glibcVersionRuntime } = process.report.getReport().header;
  const system = `${process.platform}-${process.arch}${glibcVersionRuntime ? '' : '-musl'}`;
  if (!SYSTEMS.includes(system)) throw new Error(`there is no reader for ${system}: ${SYSTEMS.join(', ')}`);
  mkdirSync(from);
  const problem = await compile(join(from, 'reader.node'));
  if (problem) throw new Error(problem);
  copyFileSync(join(ROOT, 'LICENSE'), join(from, 'LICENSE'));
  const about = {
    name: nameOf(system),
    version: own.version,
    description: `tokenswarm's reader of streams, compiled for ${system}`,
    license: own.license,
    main: 'reader.node',
    files: ['reader.node'],
    os: [process.platform],
    cpu: [process.arch],
    libc: [glibcVersionRuntime ? 'glibc' : 'musl'],
  };
  writeFileSync(join(from, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
  pack(from);
}

/** Packs tokenswarm. Its dependencies are added here: a checkout installs what is published, and would want it. */
function packOwn(from) {
  mkdirSync(from);
  const plain = pack(ROOT);
  execFileSync('tar', ['-xzf', plain, '-C', from, '--strip-components=1']);
  rmSync(plain);
  const { scripts, ...about } = own;
  const optionalDependencies = Object.fromEntries(SYSTEMS.map((system) => [nameOf(system), own.version]));
  writeFileSync(join(from, 'package.json'), `${JSON.stringify({ ...about, optionalDependencies }, null, 2)}\n`);
  pack(from);
}
