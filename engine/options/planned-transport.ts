import type { TlsOptions } from '../api/options.js';
import type { AllOptions } from './option-table.js';
import { tlsOptions } from './server-options.js';

/** Transport options as given: no file has been read yet. */
export interface PlannedTransport {
  readonly tls: TlsOptions;
  readonly insecureSkipTLSVerify: boolean;
  readonly http2: boolean;
  readonly reader: 'auto' | 'native' | 'js';
  readonly hosts: Readonly<Record<string, string>>;
  readonly localAddresses: readonly string[];
  /** Places of the parts of `tls`, as the user writes them. */
  readonly places: Readonly<Record<keyof TlsOptions | 'reader' | 'localAddresses', string>>;
}

/** Transport of a plan. `placeOf` names an option as the user wrote it. */
export function plannedTransport(options: AllOptions, placeOf: (path: string) => string): PlannedTransport {
  const { tls = {}, insecureSkipTLSVerify, http2, reader, hosts, localAddresses = [] } = options;
  const parts = Object.keys(tlsOptions).map((part) => [part, placeOf(`tls.${part}`)]);
  const others = ['reader', 'localAddresses'].map((name) => [name, placeOf(name)]);
  const places = Object.fromEntries([...parts, ...others]) as PlannedTransport['places'];
  return { tls, insecureSkipTLSVerify, http2, reader, hosts, localAddresses, places };
}
