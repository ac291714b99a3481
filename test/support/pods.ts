import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND } from './command.js';
import type { TestFolder } from './folder.js';
import { envFile, expanded, type Job, manifest } from './kubernetes.js';
import type { PodNetwork } from './pod-network.js';

/** User of the pods. Only root can start processes of others. */
const USER = process.getuid?.() === 0 ? 1000 : undefined;

/** Pod of a Job, played by a process. */
export interface Pod {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  said(): string;
}

/** Pod to start. */
export interface PodStart {
  /** Manifest of its Job, such as `shares/job.yaml`. */
  readonly file: string;
  /** Its name, also in the network. */
  readonly name: string;
  /** Variables beside those of the manifest. */
  readonly env?: Readonly<Record<string, string>>;
  /** Replaced texts in its arguments: this machine's folders and addresses. */
  readonly here?: Readonly<Record<string, string>>;
  /** Command of its image, if not tokenswarm's. Runs as this process's user. */
  readonly command?: readonly string[];
}

/** Plays pods of deploy/kubernetes with the arguments and variables of their manifests. */
export class Pods {
  readonly #folder: TestFolder;
  readonly #network: PodNetwork | undefined;
  readonly #scenario: string;

  constructor(folder: TestFolder, scenario: string, network: PodNetwork | undefined) {
    this.#folder = folder;
    this.#scenario = scenario;
    this.#network = network;
    chmodSync(folder.path, 0o755);
    this.#writable('results');
  }

  /** Path in the folder of the pods. */
  at(...names: readonly string[]): string {
    return join(this.#folder.path, ...names);
  }

  /** Starts the container of a Job. */
  start({ file, name, env: own = {}, here = {}, command }: PodStart): Pod {
    const tmp = this.#writable(`tmp-${name}`);
    const cwd = this.#mounted(name);
    const [{ args, env = [], envFrom }] = manifest<Job>(file).spec.template.spec.containers;
    const fixed = env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]));
    const settings = envFrom.map(({ configMapRef }) => envFile(configMapRef.name));
    const given = { ...Object.assign({}, ...settings), ...Object.fromEntries(fixed), ...own };
    const places = { '/results': this.at('results'), '/scenario': cwd, ...here };
    const said = expanded(args, given).map((arg) =>
      Object.entries(places).reduce((text, [from, to]) => text.replace(from, to), arg),
    );
    const variables = { PATH: process.env.PATH ?? '', TMPDIR: tmp, ...given };
    return this.run(name, [...(command ?? [process.execPath, COMMAND]), ...said], {
      cwd,
      env: variables,
      user: command ? undefined : USER,
    });
  }

  /** Runs a command in a pod of the network. */
  run(
    name: string,
    command: readonly string[],
    { cwd, env, user }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly user?: number | undefined },
  ): Pod {
    const entered = this.#network ? [...this.#network.enter(name, cwd, user), ...command] : command;
    const identity = user === undefined || this.#network ? {} : { uid: user, gid: user };
    const [first = '', ...rest] = entered;
    const child = spawn(first, rest, { cwd, env, ...identity });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
    }
    return { child, ended: once(child, 'close').then(([code]) => code), said: () => text };
  }

  /** Makes a folder that a pod's user may write to. */
  #writable(name: string): string {
    mkdirSync(this.at(name), { recursive: true });
    if (USER !== undefined) chownSync(this.at(name), USER, USER);
    return this.at(name);
  }

  /** Mounts a ConfigMap: links to a folder that every node names differently. */
  #mounted(pod: string): string {
    const own = `..2026_12_01_08_00_00.${pod}`;
    this.#folder.write(`${pod}/scenario/${own}/load.ts`, this.#scenario);
    symlinkSync(own, this.at(pod, 'scenario/..data'));
    symlinkSync('..data/load.ts', this.at(pod, 'scenario/load.ts'));
    for (const name of [`scenario/${own}`, 'scenario', '.']) chmodSync(this.at(pod, name), 0o555);
    return this.at(pod, 'scenario');
  }
}
