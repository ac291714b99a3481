import { PbfWriter } from 'pbf';
import type { Exponential } from '../exported/exponential.js';
import type { Distribution, Family, Sample } from './families.js';

/** Values of MetricType. */
const TYPES: Readonly<Record<Family['kind'], number>> = { counter: 0, gauge: 1, histogram: 4 };

/** Field of each type's value in a Metric. */
const FIELDS = { counter: 3, gauge: 2, histogram: 7 } as const;

/** Largest value that counts as zero. Half of our smallest step, in base units. */
const ZERO = 0.5e-6;

/**
 * Families in Prometheus' delimited protobuf. Histograms are classic and native. Source of the field numbers:
 * io.prometheus.client, metrics.proto.
 */
export function prometheusProtobuf(families: readonly Family[]): Uint8Array {
  const all = new PbfWriter();
  for (const family of families) all.writeRawMessage(writeFamily, family);
  return all.finish();
}

function writeFamily(family: Family, pbf: PbfWriter): void {
  const { base, kind, help, unit } = family;
  pbf.writeStringField(1, kind === 'counter' ? `${base}_total` : base);
  pbf.writeStringField(2, help);
  pbf.writeVarintField(3, TYPES[kind]);
  if (family.kind === 'histogram') {
    const { bounds } = family;
    for (const each of family.distributions) pbf.writeMessage(4, writeDistribution, { ...each, bounds });
  } else {
    for (const sample of family.samples) pbf.writeMessage(4, writeSample, { ...sample, field: FIELDS[family.kind] });
  }
  if (unit !== '') pbf.writeStringField(5, unit);
}

function writeSample({ labels, value, field }: Sample & { readonly field: number }, pbf: PbfWriter): void {
  writeLabels(labels, pbf);
  pbf.writeMessage(field, writeNumber, value);
}

function writeNumber(value: number, pbf: PbfWriter): void {
  pbf.writeDoubleField(1, value);
}

function writeLabels(labels: Sample['labels'], pbf: PbfWriter): void {
  for (const label of labels) pbf.writeMessage(1, writeLabel, label);
}

function writeLabel([name, value]: Sample['labels'][number], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  pbf.writeStringField(2, value);
}

/** Distribution with the bounds of its classic buckets. */
interface Bounded extends Distribution {
  readonly bounds: readonly number[];
}

function writeDistribution(distribution: Bounded, pbf: PbfWriter): void {
  writeLabels(distribution.labels, pbf);
  pbf.writeMessage(FIELDS.histogram, writeHistogram, distribution);
}

function writeHistogram({ count, sum, bounds, upTo, native }: Bounded, pbf: PbfWriter): void {
  pbf.writeVarintField(1, count);
  pbf.writeDoubleField(2, sum);
  for (const [index, bound] of bounds.entries()) pbf.writeMessage(3, writeBucket, { bound, upTo: upTo[index] ?? 0 });
  pbf.writeSVarintField(5, native.scale);
  pbf.writeDoubleField(6, ZERO);
  pbf.writeVarintField(7, native.zeroCount);
  writeNative(native, pbf);
}

function writeBucket({ bound, upTo }: { readonly bound: number; readonly upTo: number }, pbf: PbfWriter): void {
  pbf.writeVarintField(1, upTo);
  pbf.writeDoubleField(2, bound);
}

/** Spans of buckets with samples. Each count is the difference to the one before. */
function writeNative({ offset, counts }: Exponential, pbf: PbfWriter): void {
  const deltas: number[] = [];
  let before = 0;
  // A bucket's number is that of its upper end, where OpenTelemetry has its lower one.
  let next = 0;
  for (let i = 0; i < counts.length; ) {
    if ((counts[i] ?? 0) === 0) {
      i += 1;
      continue;
    }
    const from = i;
    for (; (counts[i] ?? 0) > 0; i += 1) {
      deltas.push((counts[i] ?? 0) - before);
      before = counts[i] ?? 0;
    }
    const start = offset + from + 1;
    pbf.writeMessage(12, writeSpan, { offset: start - next, length: i - from });
    next = start + i - from;
  }
  // A histogram without buckets would be taken for a classic one alone.
  if (deltas.length === 0) pbf.writeMessage(12, writeSpan, { offset: 0, length: 0 });
  else pbf.writePackedSVarint(13, deltas);
}

function writeSpan({ offset, length }: { readonly offset: number; readonly length: number }, pbf: PbfWriter): void {
  pbf.writeSVarintField(1, offset);
  pbf.writeVarintField(2, length);
}
