import { FOLLOWED } from '../../../engine/metrics/delta.js';
import { isPlainHttp } from '../../plain-http.js';
import type { PanelName } from '../layout.js';
import type { Panel, Size, View } from '../view.js';
import { httpDuration, httpRate, latency, server, throughput, users } from './charts.js';
import { footer } from './footer.js';
import { head } from './head.js';
import { failures, health, thresholds } from './lists.js';
import { table } from './table.js';

/** Panel of a name. */
export function panelOf(name: PanelName, view: View, size: Size, message: string | undefined): Panel {
  const { metric } = view.choice;
  // The latencies not chosen, in their order.
  const others = FOLLOWED.filter((each) => each !== metric);
  const isHttp = isPlainHttp(view.snapshot);
  switch (name) {
    case 'head':
      return head(view, size);
    case 'throughput':
      return isHttp ? httpRate(view, size) : throughput(view, size);
    case 'latency':
      return isHttp ? httpDuration(view, size) : latency(view, size, metric);
    case 'latency2':
      return latency(view, size, others[0] ?? metric);
    case 'latency3':
      return latency(view, size, others[1] ?? metric);
    case 'latency4':
      return latency(view, size, others[2] ?? metric);
    case 'users':
      return users(view, size);
    case 'server':
      return server(view, size);
    case 'table':
      return table(view, size);
    case 'thresholds':
      return thresholds(view, size);
    case 'failures':
      return failures(view, size);
    case 'health':
      return health(view, size);
    case 'footer':
      return footer(view, message, size);
  }
}
