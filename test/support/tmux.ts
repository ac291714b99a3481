import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { COMMAND, ROOT } from './command.js';

const call = promisify(execFile);

/** True if tmux is installed. */
export const HAS_TMUX = spawnSync('tmux', ['-V']).status === 0;

/** Size and environment of a terminal. */
export interface TerminalOptions {
  readonly width: number;
  readonly height: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** `tokenswarm` in a terminal of its own, as a person has it. */
export interface TerminalWindow {
  /** Current content of the screen. */
  screen(): Promise<string>;
  /** Resolves with the screen once it shows this. Rejects with the screen on timeout. */
  shows(pattern: RegExp): Promise<string>;
  press(...keys: readonly string[]): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  /** Output of the finished command, its exit code and the terminal's settings. */
  ended(): Promise<{
    readonly text: string;
    readonly code: number;
    readonly settings: string;
    readonly cursor: string;
  }>;
  close(): Promise<void>;
}

const PATIENCE = 15_000;
let opened = 0;

/** Opens a terminal that runs the command, then prints its exit code. */
export async function openTerminal(
  args: readonly string[],
  { width, height, env = {} }: TerminalOptions,
): Promise<TerminalWindow> {
  opened += 1;
  const socket = `tokenswarm-test-${process.pid}-${opened}`;
  const tmux = async (...more: readonly string[]) =>
    (await call('tmux', ['-L', socket, '-f', '/dev/null', ...more])).stdout;
  const quoted = [process.execPath, COMMAND, ...args].map((part) => `'${part.replaceAll("'", "'\\''")}'`).join(' ');
  const variables = Object.entries({ LANG: 'C.UTF-8', LC_ALL: '', ...env }).map(
    ([name, value]) => `${name}='${value}'`,
  );
  // Terminal settings before and after are compared by the caller.
  const shell = `stty -a > /dev/null; cd '${ROOT}'; before=$(stty -g); env -u NO_COLOR -u FORCE_COLOR ${variables.join(' ')} ${quoted}; code=$?; after=$(stty -g); [ "$before" = "$after" ] && same=same || same=changed; echo "ENDED $code $same"; sleep 60`;
  await tmux('new-session', '-d', '-x', String(width), '-y', String(height), shell);
  const screen = () => tmux('capture-pane', '-p');
  const shows = async (pattern: RegExp) => {
    const until = Date.now() + PATIENCE;
    for (;;) {
      const shown = await screen();
      if (pattern.test(shown)) return shown;
      if (Date.now() > until) throw new Error(`${pattern} was not shown:\n${shown}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  return {
    screen,
    shows,
    press: async (...keys) => void (await tmux('send-keys', ...keys)),
    resize: async (x, y) => void (await tmux('resize-window', '-x', String(x), '-y', String(y))),
    async ended() {
      await shows(/^ENDED \d+/m);
      const text = await tmux('capture-pane', '-p', '-S', '-500');
      const [, code, settings = ''] = /^ENDED (\d+) (\w+)/m.exec(text) ?? [];
      const cursor = (await tmux('display-message', '-p', '#{cursor_flag} #{alternate_on}')).trim();
      return { text, code: Number(code), settings, cursor };
    },
    close: async () => void (await tmux('kill-server').catch(() => undefined)),
  };
}
