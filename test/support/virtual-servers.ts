import { chmodSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { addCardFlags, type CardFlags, cardOf } from '../../bin/card-flags.js';
import type { SimulatorOptions } from '../../engine/simulator/index.js';
import { socketPath, type TestFolder } from './folder.js';
import type { VirtualTime } from './virtual-time.js';

/** Options of a simulator from the flags of `tokenswarm simulate`. */
export function simulatorOptions(flags: readonly string[]): SimulatorOptions {
  const command = addCardFlags(new Command()).option('--port <number>').option('--max-num-seqs <count>').exitOverride();
  command.parse(flags, { from: 'user' });
  const { maxNumSeqs, ...given } = command.opts<CardFlags & { readonly maxNumSeqs?: string }>();
  const card = cardOf(given, undefined, {});
  return { card: card && { ...card, ...(maxNumSeqs !== undefined && { maxNumSeqs: Number(maxNumSeqs) }) } };
}

/** Program that asks this process for a simulator. Its end ends that too. */
const PROGRAM = `
const [socket, , ...flags] = process.argv.slice(2);
require('node:net').connect(socket).write(JSON.stringify(flags) + '\\n');`;

/** Servers in virtual time that commands with `--server` start. */
export class VirtualServers {
  /** Base URL of the server that runs. */
  readonly url: string;
  readonly #time: VirtualTime;
  readonly #path = socketPath();
  readonly #socket = socketPath();
  #asked: Server | undefined;

  constructor(time: VirtualTime) {
    this.#time = time;
    this.url = `unix:${this.#path}`;
  }

  /** Writes programs into a folder for `PATH`. Their `npx tokenswarm simulate --card …` starts a server here. */
  async install(folder: TestFolder): Promise<void> {
    const program = folder.write('ask.cjs', PROGRAM);
    const tokenswarm = `exec "${process.execPath}" "${program}" "${this.#socket}" "$@"`;
    for (const [name, line] of Object.entries({ tokenswarm, npx: 'exec "$@"' })) {
      chmodSync(folder.write(name, `#!/bin/sh\n${line}\n`), 0o755);
    }
    const asked = createServer((connection) => {
      createInterface(connection).once('line', async (line) => {
        const options = { ...simulatorOptions(JSON.parse(line)), path: this.#path };
        const simulator = await this.#time.simulator(options);
        connection.once('close', () => void simulator.close());
      });
    });
    await new Promise<void>((resolve) => asked.listen(this.#socket, resolve));
    this.#asked = asked;
  }

  close(): void {
    this.#asked?.close();
  }
}
