import { resolve } from 'node:path';
import * as v from 'valibot';
import { plainObject } from '../schema.js';
import { type AllOptions, optionsShape } from './option-table.js';
import { type Problem, readShape } from './scenario-options.js';

/** Options from one source: a file, the environment, flags. Unset ones are undefined. */
export interface Layer {
  /** Name of the layer in warnings: `the file`. */
  readonly name: string;
  readonly options: unknown;
  /** Base folder of relative paths in the layer. */
  readonly folder: string;
  /** Place of an option in the layer: `vus` → `--vus` or `config.json: vus`. The empty path is the layer itself. */
  readonly placeOf: (path: string) => string;
  /** Short name of an option within the layer: `vus`. Where undefined, `placeOf` is used. */
  readonly nameOf?: (path: string) => string;
  /** Problems found before its options could be read. */
  readonly problems?: readonly Problem[];
}

/** A layer that has been read: `sound` holds its valid options. */
export interface ReadLayer extends Required<Pick<Layer, 'name' | 'folder' | 'placeOf' | 'nameOf'>> {
  readonly sound: Partial<AllOptions>;
  /** Names of all options that it sets, valid or not. */
  readonly said: readonly string[];
}

/** Parses each layer, and adds its problems under its own names. */
export function readLayers(layers: readonly Layer[], problems: Problem[]): ReadLayer[] {
  return layers.map(({ name, options, folder, placeOf, nameOf = placeOf, problems: before = [] }) => {
    const object = plainObject(options ?? {});
    const read = readShape(optionsShape, options ?? {}, '');
    problems.push(...before);
    for (const { where, message } of read.problems) problems.push({ where: placeOf(object ? where : ''), message });
    const said = Object.entries(object ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [key]));
    // Schemas add defaults, which belong below all layers.
    const sound = Object.fromEntries(Object.entries(read.sound).filter(([key]) => said.includes(key)));
    return { name, folder, placeOf, nameOf, sound, said };
  });
}

/** All layers merged. */
export interface MergedOptions {
  readonly options: AllOptions;
  /** Place of an option's final value, as the user wrote it. */
  readonly placeOf: (path: string) => string;
}

/** Options merged across layers. Of all others the last layer with a value counts. */
const PUT_TOGETHER: readonly string[] = ['tags', 'labels', 'tls'];

/** Pairs of alternative options. */
const OTHER: Readonly<Record<string, string>> = { baseUrl: 'baseUrls', baseUrls: 'baseUrl' };

/** Merges layers over the defaults, the lowest first. The amount of load follows rules of its own: see `chooseLoad`. */
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

/** Resolves paths against the folder of their layer. */
function inFolder(name: string, value: unknown, folder: string): unknown {
  if (name === 'tls') return located(value as object, folder);
  return name === 'tokenizer' ? resolve(folder, value as string) : value;
}

/** Resolves the files of `tls` against the folder of their layer. A part may also be PEM text itself. */
function located(tls: object, folder: string): object {
  const isFile = (part: string, value: string) =>
    ['ca', 'cert', 'key'].includes(part) && !value.includes('-----BEGIN ');
  return Object.fromEntries(
    Object.entries(tls).map(([part, value]) => [part, isFile(part, value) ? resolve(folder, value) : value]),
  );
}
