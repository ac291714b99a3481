import { delimiterOf, readCells } from '../../data/delimited.js';
import { messageOf } from '../../errors.js';
import { lazily } from '../../lazy-require.js';
import type { Document } from './importer.js';

const yaml = lazily<typeof import('yaml')>('yaml');

/** Documents in a result file. It may be JSON, JSON lines, appended JSON, YAML or a CSV table. Throws an Error. */
export function documentsIn(path: string, text: string): readonly Document[] {
  if (/^\s*[[{]/.test(text)) return jsonIn(text);
  if (/^\s*(#[^\n]*\n\s*|---\s*\n\s*)*["']?[\w.-]+["']?:(\s|$)/.test(text)) return yamlIn(text);
  return [{ cells: readCells(path, text, delimiterOf(text)) }];
}

function jsonIn(text: string): readonly Document[] {
  try {
    return [JSON.parse(text)];
  } catch (error) {
    // As Python writes it, and one document behind another.
    const parts = partsOf(withoutInfinity(text));
    if (parts.length === 0) throw new Error(`it is not JSON: ${messageOf(error)}`);
    return parts.map((part) => parsed(part));
  }
}

function parsed(part: string): Document {
  try {
    return JSON.parse(part);
  } catch (error) {
    throw new Error(`it is not JSON: ${messageOf(error)}`);
  }
}

/** JSON with null for the numbers that only Python writes. */
function withoutInfinity(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (token) => (token.startsWith('"') ? token : 'null'));
}

/** Splits concatenated objects and lists. A remainder is a part of its own. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  let [start, depth, end] = [-1, 0, 0];
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '{' || token === '[') {
      if (depth === 0) start = index;
      depth += 1;
    } else if (token === '}' || token === ']') {
      depth -= 1;
      if (depth > 0) continue;
      end = index + 1;
      parts.push(text.slice(start, end));
    }
  }
  const rest = text.slice(end).trim();
  return rest === '' ? parts : [...parts, rest];
}

function yamlIn(text: string): readonly Document[] {
  try {
    return yaml()
      .parseAllDocuments(text, { logLevel: 'silent' })
      .map((document) => {
        const [problem] = document.errors;
        if (problem) throw problem;
        return document.toJS() as Document;
      });
  } catch (error) {
    throw new Error(`it is not YAML: ${messageOf(error).split('\n', 1)[0]}`);
  }
}
