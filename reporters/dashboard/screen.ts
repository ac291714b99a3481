import blessed, { type Widgets } from 'blessed';
import canvas from 'blessed-contrib/lib/widget/canvas.js';
import { asciiOf, type Drawing } from '../document/dots.js';
import type { Keyboard, TerminalStream } from '../terminal.js';
import type { Place } from './layout.js';
import type { Panel, Size } from './view.js';

/** Terminal that a screen is opened on. */
export interface Terminal {
  readonly input: Keyboard;
  readonly output: TerminalStream;
  /** True if the terminal shows more than ASCII. */
  readonly unicode: boolean;
  /** True if charts and marks have to use ASCII. */
  readonly ascii: boolean;
  readonly color: boolean;
}

/** Terminal in full-screen mode. */
export interface Screen {
  readonly size: Size;
  /** Number of colors. */
  readonly colors: number;
  /** Shows these panels, and removes all others. */
  show(panels: readonly (readonly [Place, Panel])[]): void;
  /** Restores the terminal. */
  close(): void;
}

/** ASCII substitutes, one column each, for characters that a terminal may lack. */
const ASCII: Readonly<Record<string, string>> = { '…': '~', '×': 'x', '–': '-', µ: 'u', '→': '>' };

/** Opens full-screen mode. `onKey` gets key names; `onResize` is called on a change of size. */
export function openScreen(
  { input, output, unicode, ascii, color }: Terminal,
  onKey: (key: string) => void,
  onResize: () => void,
): Screen {
  const program = blessed.program({ input, output, forceUnicode: unicode } as object);
  // Many UTF-8 terminals show characters of the alternate line-drawing set as letters.
  (program as unknown as { readonly tput: { brokenACS: boolean } }).tput.brokenACS = unicode;
  const screen = blessed.screen({ program, smartCSR: true, fullUnicode: unicode } as Widgets.IScreenOptions);
  program.hideCursor();
  screen.on('keypress', (character: string | undefined, key: { readonly full?: string }) => {
    onKey(character !== undefined && /^[ -~]$/.test(character) ? character : (key.full ?? ''));
  });
  let shown = '';
  let boxes: Widgets.BoxElement[] = [];
  let canvases: (ReturnType<typeof canvas> | undefined)[] = [];
  screen.on('resize', () => {
    shown = '';
    onResize();
  });

  /** Creates the elements again where their positions changed. */
  const arrange = (panels: readonly (readonly [Place, Panel])[]) => {
    const places = JSON.stringify(panels.map(([place, { drawing }]) => [place, drawing?.margin, drawing?.rows]));
    if (places === shown) return;
    shown = places;
    for (const element of [...screen.children]) element.detach();
    boxes = panels.map(([{ left, top, width, height }]) => {
      return blessed.box({ parent: screen, left, top, width, height, wrap: false } as Widgets.BoxOptions);
    });
    canvases = panels.map(([place, { drawing }]) => drawing && drawnOn(screen, place, drawing, ascii));
    screen.realloc();
  };

  return {
    size: {
      get width() {
        return Number(screen.width);
      },
      get height() {
        return Number(screen.height);
      },
    },
    colors: color ? (program as unknown as { readonly tput: { readonly colors: number } }).tput.colors : 0,
    show(panels) {
      arrange(panels);
      panels.forEach(([, { lines, drawing }], index) => {
        const texts = ascii ? lines.map((line) => line.replace(/[…×–µ→]/g, (mark) => ASCII[mark] ?? mark)) : lines;
        boxes[index]?.setContent(texts.map(withoutEmoji).join('\n'));
        if (drawing) stroke(canvases[index], drawing, color);
      });
      screen.render();
    },
    close() {
      screen.destroy();
      input.pause();
      input.unref?.();
    },
  };
}

const EMOJI = /\p{Emoji_Presentation}|\ufe0f/u;
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Line without emoji, whose width the library takes for one column. */
function withoutEmoji(line: string): string {
  if (!EMOJI.test(line)) return line;
  return Array.from(GRAPHEMES.segment(line), ({ segment }) => (EMOJI.test(segment) ? '□ ' : segment)).join('');
}

function drawnOn(screen: Widgets.Screen, place: Place, { margin, columns, rows }: Drawing, ascii: boolean) {
  const canvasSize = { width: columns * 2, height: rows * 4 };
  const area = canvas({ left: place.left + margin, top: place.top + 1, width: columns, height: rows });
  area.calcSize = () => {
    area.canvasSize = canvasSize;
  };
  screen.append(area);
  if (ascii) {
    const dots = area.ctx._canvas;
    const { frame } = dots;
    dots.frame = () => asciiOf(frame.call(dots));
  }
  return area;
}

function stroke(area: ReturnType<typeof canvas> | undefined, { strokes }: Drawing, color: boolean): void {
  if (!area) return;
  const { ctx } = area;
  ctx._canvas.clear();
  for (const { color: name, path } of strokes) {
    const [[x, y] = [0, 0]] = path;
    ctx.strokeStyle = color ? name : 'normal';
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x, y);
    for (const [to, down] of path.slice(1)) ctx.lineTo(to, down);
    ctx.stroke();
  }
}
