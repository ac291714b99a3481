import { NO_NUMBER } from '../format.js';
import { padLeft, padRight, safeText, shorten, widest } from '../terminal-text.js';
import { full } from './axis.js';
import type { BarChart } from './chart.js';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Chart as horizontal bars below its title, as wide as `width`. */
export function barLines({ title, y, groups }: BarChart, width: number, isAscii: boolean): readonly string[] {
  const rows = groups.map(({ label, bars: [bar] }) => {
    return { label: safeText(label), value: bar?.value ?? 0, text: bar ? full(y.unit, bar.value) : NO_NUMBER };
  });
  const highest = Math.max(y.reach ?? 0, ...rows.map(({ value }) => value));
  const labels = widest(rows.map(({ label }) => label));
  const room = Math.max(4, width - labels - widest(rows.map(({ text }) => text)) - 2);
  const lines = rows.map(({ label, value, text }) => {
    const bar = highest > 0 ? stroke((value / highest) * room, isAscii) : '';
    return padRight(`${padLeft(label, labels)} ${bar}${bar === '' ? '' : ' '}${text}`, width);
  });
  return [padRight(shorten(`█ ${safeText(title)}`, width), width), ...lines];
}

function stroke(length: number, isAscii: boolean): string {
  if (isAscii) return '#'.repeat(Math.round(length));
  const eighths = Math.round(length * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
