import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPTIONS } from '../../engine/options/option-table.js';
import { withJobIndex } from '../../engine/options/share-option.js';
import { ROOT, tokenswarm } from '../support/command.js';
import { envFile, expanded, type Job, manifest } from '../support/kubernetes.js';
import { blocks } from '../support/page.js';

const SHARES = manifest<Job>('shares/job.yaml');
const MERGE = manifest<Job>('merge/job.yaml');
const SWARM = manifest<Job>('locust/workers.yaml');
const MASTER = manifest<Job>('locust/master.yaml');
const [WORKER] = SHARES.spec.template.spec.containers;
const [MERGER] = MERGE.spec.template.spec.containers;

/** Service of deploy/kubernetes. */
interface Service {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly clusterIP?: string;
    readonly selector: object;
    readonly ports: readonly { readonly port: number }[];
  };
}

/** Variables of a pod of an indexed Job. */
function environment(index: number, job = SHARES): Record<string, string> {
  const [{ env = [] }] = job.spec.template.spec.containers;
  const fixed = env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]));
  return { ...envFile('load-settings'), ...Object.fromEntries(fixed), JOB_COMPLETION_INDEX: String(index) };
}

describe('the manifests for Kubernetes', () => {
  for (const job of [SHARES, MERGE, SWARM, MASTER]) {
    const { metadata, spec } = job;
    const pod = spec.template.spec;
    const [container] = pod.containers;

    it(`${metadata.name}: runs without rights, and starts nothing twice`, () => {
      assert.deepEqual([pod.restartPolicy, pod.automountServiceAccountToken], ['Never', false]);
      const user = { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 };
      assert.deepEqual(pod.securityContext, { ...user, seccompProfile: { type: 'RuntimeDefault' } });
      assert.deepEqual(container.securityContext, {
        ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      });
      assert.ok(container.resources.requests.cpu && container.resources.requests.memory);
      assert.equal(container.resources.limits.memory, container.resources.requests.memory);
      assert.equal(container.resources.limits.cpu, undefined, 'a limit would stop it in the middle of a measurement');
    });

    if (job === MASTER) continue;

    it(`${metadata.name}: gives flags and variables that there are`, () => {
      const [command = ''] = container.args;
      // A worker takes the flags of a run.
      const like = command === 'worker' ? 'run' : command;
      const known = OPTIONS.filter(({ commands }) => commands?.some((name) => name === like));
      const flags = known.flatMap(({ flag = '' }) => [...flag.matchAll(/--[\w-]+/g)].map(([name]) => name));
      if (job === SWARM) flags.push('--master');
      const given = container.args.filter((arg) => arg.startsWith('-'));
      assert.ok(given.length > 1);
      assert.deepEqual(
        given.filter((flag) => !flags.includes(flag)),
        [],
      );
      const ours = Object.keys(environment(0, job)).filter((name) => name.startsWith('TOKENSWARM_'));
      assert.ok(ours.length > 0);
      assert.deepEqual(
        ours.filter((name) => OPTIONS.every(({ variable }) => variable !== name)),
        [],
      );
    });

    it(`${metadata.name}: writes to volumes alone`, () => {
      const mounts = container.volumeMounts.filter(({ readOnly }) => !readOnly).map(({ mountPath }) => mountPath);
      const written = container.args.flatMap((arg) => [...arg.matchAll(/^\w+=(\/.*)$/g)].map(([, path = '']) => path));
      assert.ok(written.length > 0);
      assert.deepEqual(
        written.filter((path) => !mounts.some((mount) => path.startsWith(`${mount}/`))),
        [],
      );
      assert.deepEqual(
        container.volumeMounts.map(({ name }) => name),
        pod.volumes.map(({ name }) => name),
      );
    });
  }

  for (const job of [SHARES, SWARM]) {
    it(`${job.metadata.name}: each index runs one share, into a file of its own that is merged`, () => {
      const { completionMode, completions = 0, parallelism, backoffLimitPerIndex, backoffLimit } = job.spec;
      assert.deepEqual([completionMode, parallelism, backoffLimitPerIndex], ['Indexed', completions, 0]);
      assert.equal(backoffLimit, undefined, 'one share that fails would end all others');
      const all = Array.from({ length: completions }, (_, index) => environment(index, job));
      assert.deepEqual(
        all.map((env) => withJobIndex({ share: env.TOKENSWARM_SHARE }, env).share),
        all.map((_, index) => `${index + 1}/${completions}`),
      );
      const [{ args }] = job.spec.template.spec.containers;
      const files = all.map((env) => expanded(args, env).find((arg) => arg.startsWith('json=')));
      assert.equal(new Set(files).size, completions);
      const [, folder = ''] = expanded(MERGER.args, envFile('load-settings'));
      assert.ok(
        files.every((file) => file?.startsWith(`json=${folder}/`)),
        folder,
      );
    });
  }

  it('merge into files that the next merge does not read', () => {
    assert.equal(MERGE.spec.backoffLimit, 0);
    const [, folder = ''] = expanded(MERGER.args, envFile('load-settings'));
    const merged = expanded(MERGER.args, envFile('load-settings')).filter((arg) => arg.includes('='));
    assert.deepEqual(
      merged.filter((arg) => arg.includes(folder)),
      [],
    );
  });

  it('have a Locust master that waits for all workers, at the name that they know', () => {
    const { metadata, spec } = manifest<Service>('locust/service.yaml');
    assert.deepEqual(spec.selector, { 'batch.kubernetes.io/job-name': MASTER.metadata.name });
    const [container] = MASTER.spec.template.spec.containers;
    const ports = spec.ports.map(({ port }) => port);
    assert.deepEqual(
      container.ports?.map(({ containerPort }) => containerPort),
      ports,
    );
    const [{ args }] = SWARM.spec.template.spec.containers;
    assert.equal(args[args.indexOf('--master') + 1], `${metadata.name}:${ports[0]}`);
    assert.equal(envFile('load-master').LOCUST_EXPECT_WORKERS, String(SWARM.spec.completions));
  });

  it('meet at the name that the service gives share 1', () => {
    const service = manifest<Service>('shares/service.yaml');
    const [{ port } = { port: 0 }] = service.spec.ports;
    assert.equal(SHARES.spec.template.spec.subdomain, service.metadata.name);
    assert.deepEqual(service.spec.selector, { 'batch.kubernetes.io/job-name': SHARES.metadata.name });
    assert.deepEqual(
      [service.spec.clusterIP, WORKER.ports?.map(({ containerPort }) => containerPort)],
      ['None', [port]],
    );
    const place = WORKER.args[WORKER.args.indexOf('--start-together') + 1];
    assert.equal(place, `${SHARES.metadata.name}-0.${service.metadata.name}:${port}`);
  });

  it('have a scenario that is valid', async () => {
    const file = join(ROOT, 'deploy/kubernetes/settings/load.ts');
    const { code, stdout, stderr } = await tokenswarm(['inspect', file], { env: environment(1) });
    assert.equal(code, 0, stderr);
    const { scenarios, warnings } = JSON.parse(stdout);
    assert.deepEqual([scenarios[0].description, warnings], ['300 looping VUs for 5m', []]);
  });

  it('are used on their page as they are', () => {
    const commands = blocks('docs/kubernetes.md', 'sh').join('');
    for (const name of ['shares', 'merge', 'locust'])
      assert.ok(commands.includes(`-k deploy/kubernetes/${name}`), name);
    for (const { metadata } of [SHARES, MERGE, SWARM, MASTER])
      assert.ok(commands.includes(`job/${metadata.name}`), metadata.name);
    assert.ok(commands.includes('-f deploy/Dockerfile -t tokenswarm .'));
  });
});

describe('the image', () => {
  const lines = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8').split('\n');

  it('runs the command as the user of the manifests', () => {
    assert.ok(lines.includes('USER 1000:1000') && lines.includes('ENTRYPOINT ["tokenswarm"]'));
  });
});
