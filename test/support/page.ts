import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './command.js';

/** The cells of every row of the tables below a heading of a page in docs/, without their heads. */
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

/** What a cell says a program says: text in backquotes, where … stands for anything. */
export function saying(cell = ''): RegExp {
  const text = /^`(.*)`$/.exec(cell)?.[1];
  if (text === undefined) throw new Error(`no text in backquotes: ${cell}`);
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*'));
}

/** The fenced blocks of a language on a page in docs/. */
export function blocks(page: string, language: string): string[] {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block]) => block ?? '');
}

/** The fenced blocks of a page that have a file name beside their language. */
export function namedBlocks(page: string): (readonly [name: string, content: string])[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const found = [...text.matchAll(/^```\w+ ([\w.-]+)\n(.*?)^```/gms)];
  return found.map(([, name = '', content = '']) => [name, content]);
}

/** The words of a command, as a shell takes it apart; of quotes it has single ones. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
