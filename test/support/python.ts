import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Python interpreter that has the peer tools; `PYTHON` overrides it. */
export const PYTHON = process.env.PYTHON ?? 'python3';

/** Output of a Python program. */
export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Python; the code is null if there is no Python. */
export async function python(args: readonly string[], { input = '', cwd = process.cwd() } = {}): Promise<Said> {
  const child = spawn(PYTHON, args, { cwd });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined).end(input);
  const code = await once(child, 'close').then(
    ([status]) => status as number | null,
    () => null,
  );
  return { code, stdout, stderr };
}

/** Version of a Python package as numbers. Undefined if it is not installed. */
export async function packageVersion(name: string): Promise<readonly number[] | undefined> {
  const asked = `from importlib.metadata import version; import ${name}; print(version('${name}'))`;
  const { code, stdout } = await python(['-c', asked]);
  return code === 0 ? stdout.trim().split('.').map(Number) : undefined;
}
