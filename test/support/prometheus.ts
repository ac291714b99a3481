import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { testFolder } from './folder.js';
import { freePort } from './port.js';

/** True if Prometheus and its promtool are installed. */
export const HAS_PROMETHEUS = ['prometheus', 'promtool'].every((tool) => spawnSync(tool, ['--version']).status === 0);

/** A real Prometheus, with a database of its own. */
export interface Prometheus {
  /** Values of an instant query now, by the text of their labels. */
  query(expression: string): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

/** Starts Prometheus on a page, which it scrapes once a second. */
export async function startPrometheus(target: string, ...flags: readonly string[]): Promise<Prometheus> {
  const folder = testFolder();
  const port = await freePort();
  const config = folder.write(
    'prometheus.yml',
    `scrape_configs:
  - job_name: tokenswarm
    scrape_interval: 1s
    scrape_timeout: 1s
    static_configs: [{ targets: ['${target}'] }]
`,
  );
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${folder.path}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (answer?.ok) break;
    if (tries === 300 || child.exitCode !== null) throw new Error(`Prometheus is not ready:\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    async query(expression) {
      const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression })}`);
      const { status, error, data } = (await answer.json()) as Answer;
      if (status !== 'success') throw new Error(`${expression}: ${error}`);
      return Object.fromEntries(
        data.result.map(({ metric, value }) => [JSON.stringify(metric), Number(value?.[1] ?? Number.NaN)]),
      );
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly { readonly metric: object; readonly value?: readonly [number, string] }[];
  };
}
