import type { Api } from '../../api/index.js';
import { formatDuration } from '../../clock.js';
import type { SummaryData } from '../../metrics/summary-data.js';

/** Form of a text summary, as k6's script takes it. */
interface TextForm {
  readonly indent?: string;
  readonly enableColors?: boolean;
}

/** Functions of k6's script `k6-summary` of one VU. */
export function summaryFor({ textSummary, reports }: Api) {
  return {
    textSummary: (data: SummaryData, { indent, enableColors }: TextForm = {}) =>
      textSummary(data, {
        ...(indent !== undefined && { indent }),
        ...(enableColors !== undefined && { enableColors }),
      }),
    jUnit(data: SummaryData): string {
      const [text = ''] = Object.values(reports(data, ['junit=k6-summary.xml']));
      return typeof text === 'string' ? text : Buffer.from(text as Uint8Array).toString('utf8');
    },
    humanizeValue(value: number, metric: { readonly type?: string; readonly contains?: string } = {}): string {
      if (metric.type === 'rate') return `${(value * 100).toFixed(2)}%`;
      if (metric.contains === 'time') return formatDuration(value);
      return String(Number(value.toFixed(6)));
    },
  };
}
