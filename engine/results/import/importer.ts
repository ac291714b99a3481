import type { ComparedRun, Tool } from '../compare/compared-run.js';

/** Content of a result file: a JSON or YAML document, or table. */
export type Document = unknown;

/** Rows of a CSV file, the header included. */
export interface Table {
  readonly cells: readonly (readonly string[])[];
}

/** Reader of one tool's result file. */
export interface Importer {
  readonly tool: Tool;
  /** File that it reads, for messages. */
  readonly reads: string;
  /** True for a document that is the tool's, whole or damaged. */
  readonly recognises: (document: Document) => boolean;
  /** Runs of the document. Throws a valibot error where it is damaged. */
  readonly runs: (file: string, document: Document) => readonly ComparedRun[];
}

/** Document as an object; empty for others. */
export function objectOf(document: Document): Readonly<Record<string, unknown>> {
  const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
  return isObject ? (document as Readonly<Record<string, unknown>>) : {};
}

/** True for an object that has all of these keys. */
export function has(document: Document, ...keys: readonly string[]): boolean {
  const object = objectOf(document);
  return keys.every((key) => key in object);
}

/** Document as a table; undefined for others. */
export function tableOf(document: Document): Table | undefined {
  const { cells } = objectOf(document);
  return Array.isArray(cells) ? { cells: cells as Table['cells'] } : undefined;
}
