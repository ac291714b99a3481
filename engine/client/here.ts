import { networkInterfaces } from 'node:os';
import { parseTarget, type TargetAddress } from './target.js';

/** True for a server on this machine. Names that its own DNS resolves to it are not known. */
export function isHere(target: TargetAddress): boolean {
  const { origin } = parseTarget(target);
  if (origin.startsWith('unix:')) return true;
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || host.startsWith('127.')) return true;
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === host));
}
