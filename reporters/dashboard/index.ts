import type { Snapshot } from '../../engine/metrics/snapshot.js';
import { type Paint, paint, wantsColor } from '../paint.js';
import { isPlainHttp } from '../plain-http.js';
import { wantsAscii } from '../plot.js';
import type { Keyboard, TerminalStream } from '../terminal.js';
import { holdOutput } from './held-output.js';
import { History } from './history.js';
import { AT_FIRST, type KeyAction, press } from './keys.js';
import { layout } from './layout.js';
import { help } from './panels/footer.js';
import { panelOf } from './panels/index.js';
import type { View } from './view.js';

/** Full-screen live view of a run. */
export interface Dashboard {
  show(snapshot: Snapshot): void;
  /** Shows what a paused run waits for, before its first snapshot. */
  hold(message: string): void;
  /** Shows a message in the last line for a while. */
  tell(message: string): void;
  /** Restores the terminal, and writes the output buffered meanwhile. */
  close(): void;
}

/** Streams, environment and callbacks of a dashboard. */
export interface DashboardOptions {
  readonly input: Keyboard;
  readonly output: TerminalStream;
  /** Further streams that end on this terminal. */
  readonly beside: readonly TerminalStream[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Carries out a command that a key gave. */
  readonly onAction: (action: KeyAction) => void;
}

/** Time that a message stays visible, in milliseconds. */
const MESSAGE_STAYS = 6000;

/** Opens a dashboard. Loads the drawing library first. */
export async function openDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { openScreen } = await import('./screen.js');
  const { input, output, beside, environment, onAction } = options;
  const isLinuxConsole = environment.TERM === 'linux';
  const unicode = !wantsAscii(environment);
  const ascii = !unicode || isLinuxConsole;
  const color = wantsColor(output, environment);
  const history = new History();
  // Drawing bypasses the buffered output.
  const { write } = output;
  const drawn = Object.create(output, { write: { value: (text: string) => write.call(output, text) } });
  const held = holdOutput([output, ...beside]);
  let state = AT_FIRST;
  let snapshot: Snapshot | undefined;
  let message: string | undefined;
  let forget: NodeJS.Timeout | undefined;

  const tell = (text: string) => {
    clearTimeout(forget);
    message = text;
    forget = setTimeout(() => {
      message = undefined;
      render();
    }, MESSAGE_STAYS);
    forget.unref();
    render();
  };
  const onKey = (key: string) => {
    const pressed = press(state, key, snapshot);
    state = pressed.state;
    if (pressed.message !== undefined) tell(pressed.message);
    if (pressed.action) onAction(pressed.action);
    render();
  };
  const screen = openScreen({ input, output: drawn, unicode, ascii, color }, onKey, () => render());
  // The library reports every terminal capability that it cannot read.
  held.forget();
  const styles = stylesFor(color, screen.colors);

  function render(): void {
    if (!snapshot) {
      const whole = { panel: 'head', left: 0, top: 0, width: screen.size.width, height: screen.size.height } as const;
      if (message !== undefined) screen.show([[whole, { lines: [message] }]]);
      return;
    }
    const view: View = { snapshot, history, choice: state.choice, paint: styles, ascii, log: held.latest };
    const { width, height } = screen.size;
    if (state.choice.help) {
      const whole = { panel: 'head', left: 0, top: 0, width, height } as const;
      screen.show([[whole, help(view, whole)]]);
      return;
    }
    const places = layout(screen.size, {
      scenarios: snapshot.scenarios.length,
      server: snapshot.server !== undefined || snapshot.gpu !== undefined,
      http: isPlainHttp(snapshot),
      rows: snapshot.rows.length,
    });
    screen.show(places.map((place) => [place, panelOf(place.panel, view, place, message)]));
  }

  const close = () => {
    clearTimeout(forget);
    process.off('exit', close);
    screen.close();
    held.release();
  };
  // The terminal is restored whatever ends the process.
  process.on('exit', close);

  return {
    show(next) {
      snapshot = next;
      history.add(next);
      render();
    },
    hold(text) {
      state = { ...state, paused: true };
      message = text;
      render();
    },
    tell,
    close,
  };
}

/** Styles for a terminal. With eight colors there is no gray, so dim text stays plain. */
function stylesFor(color: boolean, colors: number): Paint {
  const styles = paint(color);
  const dim = (text: string) => (color && colors >= 16 ? `\u001b[90m${text}\u001b[39m` : text);
  // Bold is not a color.
  return { ...styles, dim, bold: paint(true).bold };
}
