import { readFileSync } from 'node:fs';
import { configError, messageOf } from '../../engine/errors.js';

/** Destination of metrics, and their form, by OpenTelemetry's variables. */
export interface OtlpSettings {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Longest push, in milliseconds. */
  readonly timeout: number;
  readonly gzip: boolean;
  /** Authorities to trust in place of Node's, PEM. */
  readonly ca: string | undefined;
  /** Attributes of the resource that the user has given. */
  readonly resource: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const PATH = '/v1/metrics';
const AT_HOME = 'http://localhost:4318';
const TIMEOUT = 10_000;

/**
 * Settings of the command line, else of OpenTelemetry's variables. Those for metrics come before those for all
 * signals. Throws a UserError that names the variable. Specification: OpenTelemetry Protocol Exporter.
 */
export function otlpSettings(place: string, env: Environment): OtlpSettings {
  return {
    url: addressOf(place, env),
    headers: pairsOf(...settingOf('HEADERS', env)),
    timeout: timeoutOf(...settingOf('TIMEOUT', env)),
    gzip: isGzip(...settingOf('COMPRESSION', env)),
    ca: authority(...settingOf('CERTIFICATE', env)),
    resource: {
      ...pairsOf('OTEL_RESOURCE_ATTRIBUTES', env.OTEL_RESOURCE_ATTRIBUTES || undefined),
      ...(env.OTEL_SERVICE_NAME && { 'service.name': env.OTEL_SERVICE_NAME }),
    },
  };
}

/** Variable of metrics, else of all signals. An empty one is none. */
function settingOf(name: string, env: Environment): [variable: string, value: string | undefined] {
  const own = `OTEL_EXPORTER_OTLP_METRICS_${name}`;
  return env[own] ? [own, env[own]] : [`OTEL_EXPORTER_OTLP_${name}`, env[`OTEL_EXPORTER_OTLP_${name}`] || undefined];
}

function addressOf(place: string, env: Environment): URL {
  if (place !== '') return read(place, '--out otlp', true);
  const [protocolVariable, protocol] = settingOf('PROTOCOL', env);
  if (protocol === 'grpc') {
    throw configError(
      protocolVariable,
      'expected http/json or http/protobuf, got grpc: metrics are sent over HTTP, as JSON',
      'name the HTTP port of the collector: --out otlp=http://HOST:4318',
    );
  }
  const [variable, value = AT_HOME] = settingOf('ENDPOINT', env);
  return variable.includes('METRICS')
    ? read(value, variable, false)
    : read(`${value.replace(/\/+$/, '')}${PATH}`, variable, false);
}

function read(text: string, where: string, addsPath: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    const hint = `for example ${AT_HOME}, to which ${PATH} is added`;
    throw configError(where, `expected a URL with http or https, got ${JSON.stringify(text)}`, hint);
  }
  if (addsPath && url.pathname === '/') url.pathname = PATH;
  return url;
}

/** Pairs of `name=value,name=value`, percent-encoded. */
function pairsOf(variable: string, text = ''): Readonly<Record<string, string>> {
  const parts = text.split(',').filter((part) => part.trim() !== '');
  return Object.fromEntries(
    parts.map((part) => {
      const [, name = '', value = ''] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/s.exec(part) ?? [];
      try {
        if (name !== '') return [decodeURIComponent(name), decodeURIComponent(value)];
      } catch {
        // Told below. The value may be a key, and is not shown.
      }
      throw configError(variable, 'expected name=value pairs with commas between them, percent-encoded');
    }),
  );
}

function timeoutOf(variable: string, text = String(TIMEOUT)): number {
  const timeout = Number(text);
  if (timeout > 0 && timeout < 2 ** 31) return timeout;
  throw configError(variable, `expected a number of milliseconds, got ${JSON.stringify(text)}`);
}

function isGzip(variable: string, text = 'none'): boolean {
  if (text === 'gzip' || text === 'none') return text === 'gzip';
  throw configError(variable, `expected gzip or none, got ${JSON.stringify(text)}`);
}

function authority(variable: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw configError(variable, `the file cannot be read: ${messageOf(error)}`);
  }
}
