import { resolve } from 'node:path';
import * as v from 'valibot';
import { plainObject } from '../schema.js';
import { optionsShape, type Problem, readShape } from './scenario-options.js';

/** Options as one source gives them: a file, the environment, flags. Whatever it does not say is undefined. */
export interface Layer {
  /** What warnings call it: `the file`. */
  readonly name: string;
  readonly options: unknown;
  /** Where paths in it start. */
  readonly folder: string;
  /** Where an option stands in it: `vus` → `--vus` or `config.json: vus`; the layer itself for the empty path. */
  readonly placeOf: (path: string) => string;
  /** The same among others of the layer: `vus`. Where undefined, as `placeOf`. */
  readonly nameOf?: (path: string) => string;
  /** What was found wrong before its options could be looked at. */
  readonly problems?: readonly Problem[];
}

/** All options, the defaults among them. */
type AllOptions = v.InferOutput<typeof optionsShape>;

/** A layer that has been read: `sound` is what it says and what could be read. */
export interface ReadLayer extends Required<Pick<Layer, 'name' | 'folder' | 'placeOf' | 'nameOf'>> {
  readonly sound: Partial<AllOptions>;
  /** Names of all that it says, read or not. */
  readonly said: readonly string[];
}

/** Reads every layer on its own, and notes what is wrong by the name that the layer has for it. */
export function readLayers(layers: readonly Layer[], problems: Problem[]): ReadLayer[] {
  return layers.map(({ name, options, folder, placeOf, nameOf = placeOf, problems: before = [] }) => {
    const object = plainObject(options ?? {});
    const read = readShape(optionsShape, options ?? {}, '');
    problems.push(...before);
    for (const { where, message } of read.problems) problems.push({ where: placeOf(object ? where : ''), message });
    const said = Object.entries(object ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [key]));
    // Defaults come below all layers, not with each of them.
    const sound = Object.fromEntries(Object.entries(read.sound).filter(([key]) => said.includes(key)));
    return { name, folder, placeOf, nameOf, sound, said };
  });
}

/** All layers as one. */
export interface MergedOptions {
  readonly options: AllOptions;
  /** What the user wrote where an option now says something. */
  readonly placeOf: (path: string) => string;
}

/** Options of which every layer may say a part; of all others the last layer that says something counts. */
const PUT_TOGETHER: readonly string[] = ['tags', 'labels', 'tls'];

/** Two ways to say one thing. */
const OTHER: Readonly<Record<string, string>> = { baseUrl: 'baseUrls', baseUrls: 'baseUrl' };

/**
 * Puts layers one over another, the defaults and then the lowest first. How much load there is follows rules of its own:
 * see `chooseLoad`.
 */
export function mergeLayers(layers: readonly ReadLayer[], problems: Problem[]): MergedOptions {
  const options: Record<string, unknown> = { ...v.parse(optionsShape, {}) };
  const origins = new Map<string, ReadLayer>();
  for (const layer of layers) {
    if (layer.said.includes('baseUrl') && layer.said.includes('baseUrls')) {
      problems.push({ where: layer.placeOf('baseUrls'), message: 'excludes baseUrl: use one of the two' });
    }
    for (const [name, value] of Object.entries(layer.sound)) {
      const own = inFolder(name, value, layer.folder);
      options[name] = PUT_TOGETHER.includes(name) ? { ...(options[name] as object), ...(own as object) } : own;
      origins.set(name, layer);
      if (name === 'tls') for (const part in own as object) origins.set(`tls.${part}`, layer);
      delete options[OTHER[name] ?? ''];
    }
  }
  return {
    options: options as AllOptions,
    placeOf: (path) => (origins.get(path) ?? origins.get(path.replace(/\W.*/s, '')))?.placeOf(path) ?? path,
  };
}

/** Paths from the folder of their layer. */
function inFolder(name: string, value: unknown, folder: string): unknown {
  if (name === 'tls') return located(value as object, folder);
  return name === 'tokenizer' ? resolve(folder, value as string) : value;
}

/** Parts of `tls` with their files found from the folder of their layer; a part may also be the PEM text itself. */
function located(tls: object, folder: string): object {
  const isFile = (part: string, value: string) =>
    ['ca', 'cert', 'key'].includes(part) && !value.includes('-----BEGIN ');
  return Object.fromEntries(
    Object.entries(tls).map(([part, value]) => [part, isFile(part, value) ? resolve(folder, value) : value]),
  );
}
