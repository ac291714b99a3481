import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from './command.js';

/** Container of a Job. */
interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly envFrom: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly ports?: readonly { readonly containerPort: number }[];
  readonly resources: Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>>>>;
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

/** Job of deploy/kubernetes. */
export interface Job {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly completionMode?: string;
    readonly completions?: number;
    readonly parallelism?: number;
    readonly backoffLimit?: number;
    readonly backoffLimitPerIndex?: number;
    readonly template: {
      readonly spec: {
        readonly restartPolicy: string;
        readonly subdomain?: string;
        readonly automountServiceAccountToken: boolean;
        readonly securityContext: object;
        readonly containers: readonly [Container];
        readonly volumes: readonly ({ readonly name: string } & Readonly<Record<string, object | string>>)[];
      };
    };
  };
}

/** Manifest of deploy/kubernetes, such as `shares/job.yaml`. */
export function manifest<Kind>(file: string): Kind {
  return parse(readFileSync(join(ROOT, 'deploy/kubernetes', file), 'utf8')) as Kind;
}

/** Arguments of a container with its variables, as Kubernetes expands them. Throws at one that is not set. */
export function expanded(args: readonly string[], env: Readonly<Record<string, string>>): string[] {
  return args.map((arg) =>
    arg.replace(/\$\((\w+)\)/g, (_, name: string) => {
      const value = env[name];
      if (value === undefined) throw new Error(`${arg}: ${name} is not set`);
      return value;
    }),
  );
}

/** Variables of a ConfigMap that a kustomization makes of a file. */
export function envFile(name: string): Readonly<Record<string, string>> {
  const file = ENV_FILES[name];
  if (file === undefined) throw new Error(`no file for the ConfigMap ${name}`);
  const text = readFileSync(join(ROOT, 'deploy/kubernetes', file), 'utf8');
  return Object.fromEntries(
    text.split('\n').flatMap((line) => [...line.matchAll(/^(\w+)=(.*)$/g)].map(([, a = '', b = '']) => [a, b])),
  );
}

const ENV_FILES: Readonly<Record<string, string>> = {
  'load-settings': 'settings/settings.env',
  'load-master': 'locust/master.env',
};
