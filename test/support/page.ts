import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './command.js';

/** Cells of all table rows below a heading of a docs/ page. */
export function rowsBelow(page: string, heading: string): string[][] {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  const [, section] = text.split(`\n${heading}\n`);
  if (section === undefined) throw new Error(`${page} has no heading ${heading}`);
  const lines = section.split(/\n#+ /)[0]?.split('\n') ?? [];
  const rows = lines.filter(
    (line, i) => line.startsWith('| ') && !line.startsWith('| ---') && !lines[i + 1]?.startsWith('| ---'),
  );
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split(' |')
      .map((cell) => cell.trim()),
  );
}

/** Pattern of a program's output quoted in a cell. Texts in backquotes, in this order; … stands for anything. */
export function saying(cell = ''): RegExp {
  const texts = [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
  if (texts.length === 0) throw new Error(`no text in backquotes: ${cell}`);
  const patterns = texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*'));
  return new RegExp(patterns.join('.*'));
}

/** Fenced blocks of a language on a page: `docs/sweep.md`. */
export function blocks(page: string, language: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block]) => block ?? '');
}

/** Fenced blocks of a page with a file name beside the language. */
export function namedBlocks(page: string): (readonly [name: string, content: string])[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const found = [...text.matchAll(/^```\w+ ([\w.-]+)\n(.*?)^```/gms)];
  return found.map(([, name = '', content = '']) => [name, content]);
}

/** Words of a command, as a shell splits it. Single quotes are supported. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** Links of a page as `[file, anchor]`. Links to other sites are left out; either part may be empty. */
export function linksOf(page: string): [file: string, anchor: string][] {
  const text = readFileSync(join(ROOT, page), 'utf8').replace(/^```.*?^```/gms, '');
  return [...text.matchAll(/\]\((?!\w+:)([^)#]*)#?([^)]*)\)/g)].map(([, file = '', anchor = '']) => [file, anchor]);
}

/** The anchors that a page's headings get where it is shown. */
export function anchorsOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8').replace(/^```.*?^```/gms, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}
