import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Network in which each pod has an address of its own. */
export interface PodNetwork {
  /** Prefix of a command that runs in a pod, in this folder. As the user with this number, where one is given. */
  enter(pod: string, cwd: string, user?: number): readonly string[];
  close(): void;
}

/** Script that makes the network and prints the pods' processes. It holds them until its input ends. */
const HOLDER = `
set -e
ip link add pods type bridge
ip link set pods up
mount --bind "$1" /etc/hosts
shift
pids=
trap 'kill $pids' EXIT
for address; do
  unshare -n sleep 600 &
  pid=$!
  pids="$pids $pid"
  while [ "$(readlink /proc/$pid/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
  ip link add "v$pid" type veth peer name eth0 netns $pid
  ip link set "v$pid" master pods up
  nsenter -t $pid -n sh -c "ip link set lo up && ip link set eth0 up && ip addr add $address/24 dev eth0"
done
echo $pids
cat
`;

/**
 * Makes a network of pods, which find each other by their names. Undefined where namespaces are not permitted, or
 * their tools are missing.
 */
export async function podNetwork(
  folder: string,
  names: Readonly<Record<string, string>>,
): Promise<PodNetwork | undefined> {
  const isRoot = process.getuid?.() === 0;
  const pods = Object.keys(names);
  const addresses = pods.map((_, n) => `10.87.0.${n + 10}`);
  const hosts = join(folder, 'hosts');
  writeFileSync(
    hosts,
    ['127.0.0.1 localhost', ...pods.map((pod, n) => `${addresses[n]} ${names[pod]}`), ''].join('\n'),
  );
  const own = isRoot ? [] : ['-r'];
  const holder = spawn('unshare', [...own, '-n', '-m', 'sh', '-c', HOLDER, 'pods', hosts, ...addresses]);
  holder.stdin.on('error', () => undefined);
  const pids = await Promise.race([
    once(holder.stdout, 'data').then(([text]) => String(text).trim().split(' ')),
    once(holder, 'close').then(
      () => undefined,
      () => undefined,
    ),
  ]);
  if (!pids) return undefined;
  return {
    enter(pod, cwd, user) {
      const net = `--net=/proc/${pids[pods.indexOf(pod)]}/ns/net`;
      const space = isRoot ? [] : ['-U', '--preserve-credentials'];
      const identity = user === undefined ? [] : ['-S', String(user), '-G', String(user)];
      return ['nsenter', '-t', String(holder.pid), ...space, '-m', net, `--wd=${cwd}`, ...identity, '--'];
    },
    close: () => holder.stdin.end(),
  };
}
