import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { configError, messageOf, type UserError } from '../errors.js';

/** Supported types of tokenizer models, those of nearly every LLM. */
const MODEL_TYPES = ['BPE', 'Unigram', 'WordPiece'] as const;

/** Validated `tokenizer.json`, with the `tokenizer_config.json` beside it. */
export interface TokenizerFile {
  /** Path of the `tokenizer.json`. */
  readonly path: string;
  /** Name of its folder. Of the file, where that is not called `tokenizer.json`. */
  readonly name: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
}

const GET =
  "name a model's tokenizer.json, or the folder that holds it; " +
  "'hf download MODEL tokenizer.json tokenizer_config.json --local-dir FOLDER' gets both";

/** Files of other, unsupported forms. */
const OTHER_FORMS = ['tokenizer.model', 'spiece.model', 'vocab.txt', 'vocab.json', 'merges.txt', 'tekken.json'];

/** Reads a tokenizer from a file or a folder with `tokenizer.json`. Throws a UserError. */
export function readTokenizerFile(path: string): TokenizerFile {
  const file = findFile(path);
  const definition = readObject(file);
  if (typeof definition.model !== 'object' || definition.model === null) throw notOne(file, definition);
  const { type, vocab } = definition.model as { readonly type?: unknown; readonly vocab?: unknown };
  if (type !== undefined && !MODEL_TYPES.some((known) => known === type)) {
    throw configError(
      file,
      `its model is a ${JSON.stringify(type)}, which is not supported`,
      `supported are: ${LISTED}`,
    );
  }
  if (typeof vocab !== 'object' || vocab === null) {
    throw configError(file, 'not a tokenizer.json: its model has no vocabulary', GET);
  }
  const beside = join(dirname(file), 'tokenizer_config.json');
  const name = basename(file) === 'tokenizer.json' ? basename(dirname(resolve(file))) : basename(file, '.json');
  return { path: file, name, definition, config: kindOf(beside) === 'file' ? readObject(beside) : {} };
}

const LISTED = MODEL_TYPES.join(', ');

function findFile(path: string): string {
  const kind = kindOf(path);
  if (kind === 'none') throw configError(path, 'there is no such tokenizer', GET);
  if (kind === 'file') return path;
  const names = readdirSync(path);
  if (names.includes('tokenizer.json')) return join(path, 'tokenizer.json');
  const others = names.filter((name) => OTHER_FORMS.includes(name)).sort();
  const beside = others.length > 0 ? `, only ${others.join(', ')}, which is of another form` : '';
  throw configError(path, `the folder has no tokenizer.json${beside}`, GET);
}

function kindOf(path: string): 'file' | 'folder' | 'none' {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? (found.isDirectory() ? 'folder' : 'file') : 'none';
}

function readObject(path: string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw configError(path, `the tokenizer cannot be read: ${messageOf(error)}`, GET);
  }
  if (text.startsWith('version https://git-lfs')) {
    throw configError(path, 'the file is a pointer of Git LFS, not the tokenizer itself', "'git lfs pull' gets it");
  }
  const content = parse(path, text.replace(/^\uFEFF/, ''));
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
    return content as Readonly<Record<string, unknown>>;
  }
  throw configError(path, 'not a tokenizer.json: expected an object', GET);
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message repeats the file, which may be binary.
    throw configError(path, 'not a tokenizer.json: it is not JSON', GET);
  }
}

function notOne(path: string, content: Readonly<Record<string, unknown>>): UserError {
  if ('tokenizer_class' in content) {
    return configError(path, 'this is a tokenizer_config.json; expected the tokenizer.json beside it', GET);
  }
  return configError(path, 'not a tokenizer.json: it has no model', GET);
}
