import { configError } from '../engine/errors.js';
import type { Reporter } from '../engine/metrics/reporter.js';
import type { LiveSurroundings } from './live-output.js';

/** Report that is sent or served during the run. `--out NAME=PLACE`. */
interface LiveOutput {
  readonly name: string;
  /** Purpose, in a few words. */
  readonly meaning: string;
  /** Its place, in words. */
  readonly place: string;
  readonly example: string;
  /** True where `--out NAME` alone is enough. */
  readonly isPlaceOptional: boolean;
  /** Opens it before the load. Throws a UserError where the place is not fit. `text` is used in warnings. */
  readonly open: (text: string, place: string, surroundings: LiveSurroundings) => Promise<Reporter>;
}

/** All reports that are sent or served during a run. */
export const LIVE_OUTPUTS: readonly LiveOutput[] = [
  {
    name: 'prometheus',
    meaning: 'a page at `/metrics` that Prometheus scrapes',
    place: '`:PORT` or `HOST:PORT`',
    example: ':9464',
    isPlaceOptional: false,
    open: async (...given) => (await import('./prometheus/index.js')).prometheusPage(...given),
  },
  {
    name: 'otlp',
    meaning: 'pushed to an OpenTelemetry collector once a second',
    place: 'URL, by default `OTEL_EXPORTER_OTLP_ENDPOINT`',
    example: 'http://127.0.0.1:4318',
    isPlaceOptional: true,
    open: async (...given) => (await import('./otlp/index.js')).otlpPush(...given),
  },
];

/** Names of these reports. */
export const LIVE_NAMES = LIVE_OUTPUTS.map(({ name }) => name);

/** True where `--out` asks for one of them. */
export function isLiveOutput(text: string): boolean {
  return LIVE_NAMES.includes(nameOf(text));
}

/** Opens these reports before the load. Throws a UserError where a place is not fit. The same one twice is one. */
export async function openLiveOutputs(
  texts: readonly string[],
  surroundings: LiveSurroundings,
): Promise<readonly Reporter[]> {
  return await Promise.all(
    [...new Set(texts)].map((text) => {
      const output = LIVE_OUTPUTS.find(({ name }) => name === nameOf(text));
      const [, option = '', place = ''] = /^[^:=]*([^=]*)=?(.*)$/s.exec(text) ?? [];
      if (!output) throw new Error(`${text} is none of ${LIVE_NAMES.join()}`);
      const { name, isPlaceOptional, place: kind, example, open } = output;
      if (option === '' && (isPlaceOptional || place !== '')) return open(text, place, surroundings);
      const expected = option === '' ? `expected ${name}=PLACE, ${kind.replaceAll('`', '')}` : `${name} has no options`;
      throw configError('--out', `${expected}, got ${JSON.stringify(text)}`, `for example --out ${name}=${example}`);
    }),
  );
}

function nameOf(text: string): string {
  return /^[^:=]*/.exec(text)?.[0] ?? '';
}
