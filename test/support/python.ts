import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The Python that has the peers which are measured against; `PYTHON` names another one. */
export const PYTHON = process.env.PYTHON ?? 'python3';

/** What a Python program has said. */
export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Python; a Python that is not there gives a code of null. */
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

/** The version of a Python package as numbers; undefined where it is not installed. */
export async function packageVersion(name: string): Promise<readonly number[] | undefined> {
  const asked = `from importlib.metadata import version; import ${name}; print(version('${name}'))`;
  const { code, stdout } = await python(['-c', asked]);
  return code === 0 ? stdout.trim().split('.').map(Number) : undefined;
}
