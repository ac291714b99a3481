import { appendFileSync } from 'node:fs';
import { format } from 'node:util';

/** Destination and form of what a script's console prints. */
export interface ConsoleSettings {
  /** File to append to. Undefined: stderr. */
  readonly consoleOutput?: string | undefined;
  readonly logFormat?: LogFormat | undefined;
}

type LogFormat = 'text' | 'raw' | 'json';

/** Levels of the console's functions, as k6 names them. */
const LEVELS = { log: 'info', info: 'info', debug: 'debug', warn: 'warning', error: 'error' } as const;

/**
 * Redirects this thread's console into a file or a log. Secrets are redacted. Nothing where neither is set.
 * The returned function ends that.
 */
export function redirectConsole(
  { consoleOutput, logFormat }: ConsoleSettings,
  redact: (text: string) => string,
): () => void {
  if (consoleOutput === undefined && logFormat === undefined) return () => undefined;
  const before = { ...console };
  const write = (line: string) => {
    // Lines of several threads do not mix where each is one call.
    if (consoleOutput === undefined) printBeside(line);
    else appendFileSync(consoleOutput, line);
  };
  for (const [name, level] of Object.entries(LEVELS)) {
    console[name as keyof typeof LEVELS] = (...said: unknown[]) => {
      write(`${logLine(logFormat ?? 'text', level, redact(format(...said)))}\n`);
    };
  }
  return () => void Object.assign(console, before);
}

/** Prints on stderr, beside what the script prints. */
export function printBeside(text: string): void {
  process.stderr.write(text);
}

/** Line of a log. */
function logLine(form: LogFormat, level: string, msg: string): string {
  if (form === 'raw') return msg;
  const time = new Date().toISOString();
  if (form === 'json') return JSON.stringify({ level, msg, source: 'console', time });
  return `time=${JSON.stringify(time)} level=${level} msg=${JSON.stringify(msg)} source=console`;
}
