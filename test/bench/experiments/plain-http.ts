import {
  heyPlainClient,
  k6PlainClient,
  k6ScriptClient,
  locustPlainClient,
  ownPlainClient,
  type PlainClient,
  wrkPlainClient,
} from '../clients/plain.js';
import { inFolder, use } from '../measure.js';
import { median } from '../statistics.js';
import { type Bench, type Experiment, type Figure, present } from './experiment.js';

const CONNECTIONS = 50;

/** Least ratio of tokenswarm's requests per CPU second to each peer's. */
const LEAST = new Map<PlainClient, number>([
  [locustPlainClient, 5],
  [k6PlainClient, 1],
  [heyPlainClient, 1],
]);

/**
 * Requests for a small page. What is compared is requests for each second of CPU time that the generator's processes
 * use: fair also to a client that is held up by the target, and to one that would use more cores than it is given.
 */
export const plainHttp: Experiment = {
  name: 'plain-http',
  title: `Plain HTTP requests, ${CONNECTIONS} connections`,
  when: 'at leisure',
  async run(bench) {
    const clients = present([ownPlainClient, k6ScriptClient, ...LEAST.keys(), wrkPlainClient], bench.log);
    const rates = await interleaved(bench, clients);
    const own = rates.get(ownPlainClient)?.perCpuSecond ?? Number.NaN;
    const absolute = [...rates].flatMap(([{ name }, { perCpuSecond, perSecond }]): Figure[] => [
      { what: `${name}, a second of CPU time`, value: perCpuSecond, unit: 'req' },
      { what: `${name}, a second on its core`, value: perSecond, unit: 'req' },
    ]);
    const peers = [...rates].filter(([client]) => client !== ownPlainClient && client !== k6ScriptClient);
    const ratios = peers.map(([client, { perCpuSecond }]): Figure => {
      const least = LEAST.get(client);
      const what = `tokenswarm ÷ ${client.name}`;
      return { what, value: own / perCpuSecond, unit: '×', ...(least !== undefined && { least }) };
    });
    const k6 = rates.get(k6PlainClient);
    const script = rates.get(k6ScriptClient);
    const ofScript =
      k6 && script
        ? [{ what: 'script of k6 ÷ k6', value: script.perCpuSecond / k6.perCpuSecond, unit: '×', least: 2.5 }]
        : [];
    return [...absolute, ...ratios, ...ofScript];
  },
};

/** Requests for each second, of CPU time and by the clock. */
interface Rates {
  readonly perCpuSecond: number;
  readonly perSecond: number;
}

async function interleaved({ target, quick, log }: Bench, clients: readonly PlainClient[]) {
  const runs = new Map(clients.map((client) => [client, [] as Rates[]]));
  for (let repeat = 0; repeat < (quick ? 1 : 3); repeat += 1) {
    for (const [client, rates] of runs) {
      const command = (folder: string) =>
        client.command({ port: target.port, connections: CONNECTIONS, seconds: 5 }, folder);
      const load = { spread: 500, hold: 4000 };
      const used = await inFolder((folder) => use(command(folder), load, 'requests', target));
      const { cpuPerUnit, unitsPerSecond: perSecond } = used;
      log(`${client.name}: ${cpuPerUnit.toFixed(1)} µs a request, ${perSecond.toFixed(0)} requests/s`);
      rates.push({ perCpuSecond: 1e6 / cpuPerUnit, perSecond });
    }
  }
  return new Map(
    [...runs].map(([client, rates]) => {
      const middle = (kind: keyof Rates) => median(rates.map((each) => each[kind]));
      return [client, { perCpuSecond: middle('perCpuSecond'), perSecond: middle('perSecond') }];
    }),
  );
}
