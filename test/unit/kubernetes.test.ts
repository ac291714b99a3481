import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPTIONS } from '../../engine/options/option-table.js';
import { withJobIndex } from '../../engine/options/share-option.js';
import { ROOT, tokenswarm } from '../support/command.js';
import { expanded, type Job, manifest, settingsEnv } from '../support/kubernetes.js';
import { blocks } from '../support/page.js';

const SHARES = manifest<Job>('shares/job.yaml');
const MERGE = manifest<Job>('merge/job.yaml');
const [WORKER] = SHARES.spec.template.spec.containers;
const [MERGER] = MERGE.spec.template.spec.containers;

/** Variables of a pod of the Job of shares. */
function environment(index: number): Record<string, string> {
  const fixed = (WORKER.env ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]));
  return { ...settingsEnv(), ...Object.fromEntries(fixed), JOB_COMPLETION_INDEX: String(index) };
}

describe('the manifests for Kubernetes', () => {
  for (const { metadata, spec } of [SHARES, MERGE]) {
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

    it(`${metadata.name}: gives flags and variables that there are`, () => {
      const [command] = container.args;
      const known = OPTIONS.filter(({ commands }) => commands?.some((name) => name === command));
      const flags = known.flatMap(({ flag = '' }) => [...flag.matchAll(/--[\w-]+/g)].map(([name]) => name));
      const given = container.args.filter((arg) => arg.startsWith('-'));
      assert.ok(given.length > 1);
      assert.deepEqual(
        given.filter((flag) => !flags.includes(flag)),
        [],
      );
      const ours = Object.keys(environment(0)).filter((name) => name.startsWith('TOKENSWARM_'));
      assert.ok(ours.length > 1);
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

  it('have each index of the Job run one share, into a file of its own', () => {
    const { completionMode, completions = 0, parallelism, backoffLimitPerIndex, backoffLimit } = SHARES.spec;
    assert.deepEqual([completionMode, parallelism, backoffLimitPerIndex], ['Indexed', completions, 0]);
    assert.equal(backoffLimit, undefined, 'one share that fails would end all others');
    assert.equal(MERGE.spec.backoffLimit, 0);
    const all = Array.from({ length: completions }, (_, index) => environment(index));
    assert.deepEqual(
      all.map((env) => withJobIndex({ share: env.TOKENSWARM_SHARE }, env).share),
      all.map((_, index) => `${index + 1}/${completions}`),
    );
    const files = all.map((env) => expanded(WORKER.args, env).find((arg) => arg.startsWith('json=')));
    assert.equal(new Set(files).size, completions);
    const [, folder = ''] = expanded(MERGER.args, settingsEnv());
    assert.ok(
      files.every((file) => file?.startsWith(`json=${folder}/`)),
      folder,
    );
    const merged = expanded(MERGER.args, settingsEnv()).filter((arg) => arg.includes('='));
    assert.deepEqual(
      merged.filter((arg) => arg.includes(folder)),
      [],
      'the next merge would read it',
    );
  });

  it('meet at the name that the service gives share 1', () => {
    const service = manifest<{
      readonly metadata: { readonly name: string };
      readonly spec: {
        readonly clusterIP: string;
        readonly selector: object;
        readonly ports: { readonly port: number }[];
      };
    }>('shares/service.yaml');
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
    for (const name of ['shares', 'merge']) assert.ok(commands.includes(`-k deploy/kubernetes/${name}`), name);
    for (const { metadata } of [SHARES, MERGE]) assert.ok(commands.includes(`job/${metadata.name}`), metadata.name);
    assert.ok(commands.includes('-f deploy/Dockerfile -t tokenswarm .'));
  });
});

describe('the image', () => {
  const lines = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8').split('\n');

  it('runs the command as the user of the manifests', () => {
    assert.ok(lines.includes('USER 1000:1000') && lines.includes('ENTRYPOINT ["tokenswarm"]'));
  });
});
