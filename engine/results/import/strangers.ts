import { type Document, has, objectOf, tableOf } from './importer.js';

/** File that is known and cannot be compared. */
interface Stranger {
  readonly what: string;
  /** File to name instead. */
  readonly hint: string;
}

type Known = readonly [recognises: (document: Document) => boolean, what: string, hint: string];

const head = (document: Document) => tableOf(document)?.cells[0] ?? [];
const first = (document: Document) => (Array.isArray(document) ? document[0] : undefined);

const RECORD = 'name what --out json=FILE of the run has written';

/** Known files by their distinctive keys, most specific first. */
const KNOWN: readonly Known[] = [
  [
    (d) => has(d, 'root_group', 'metrics'),
    'a summary in the form of k6 (--out k6-summary, handleSummary), which has no distributions',
    RECORD,
  ],
  [
    (d) => has(d, 'type', 'metric') || has(d, 'metric', 'data'),
    "samples in the form of k6 (--out k6-json, k6's --out json)",
    RECORD,
  ],
  [(d) => has(d, 'kind', 'sentAt') || head(d).includes('sentAt'), 'a log of requests (--out requests)', RECORD],
  [
    (d) => String(objectOf(d).schema).startsWith('tokenswarm/'),
    'a report of tokenswarm, not the record of a run',
    RECORD,
  ],
  [
    (d) => has(d, 'metadata', 'metrics') && has(objectOf(d).metadata, 'x_request_id'),
    "aiperf's records of single requests",
    'name the profile_export_aiperf.json beside it',
  ],
  [
    (d) => has(first(d), 'num_requests', 'response_times'),
    "the JSON of Locust's --json-file",
    "name the _stats.csv of Locust's --csv",
  ],
  [
    (d) => head(d).includes('Timestamp') && head(d).includes('User Count'),
    "Locust's _stats_history.csv",
    'name the _stats.csv beside it',
  ],
  [
    (d) => head(d).includes('Occurrences') || head(d).includes('Traceback'),
    "Locust's list of failures or exceptions",
    'name the _stats.csv beside it',
  ],
  [
    (d) => has(d, 'parallel', 'outputs_dir'),
    "evalscope's benchmark_args.json, the settings of a run",
    'name the benchmark_summary.json or benchmark_percentile.json beside it',
  ],
  [
    (d) => has(d, 'cmd', 'benchmark_version'),
    "genai-bench's experiment_metadata.json, the settings of its runs",
    'name the JSON of a run beside it',
  ],
  [
    (d) => has(first(d), 'output_throughput') && has(first(d), 'completed'),
    'the summary of a vllm bench sweep, a list of runs',
    'name the files of its runs',
  ],
];

/** Finds what a document is that cannot be compared. Otherwise describes what it looks like. */
export function strangerIn(document: Document): Stranger | undefined {
  const found = KNOWN.find(([recognises]) => recognises(document));
  return found && { what: found[1], hint: found[2] };
}

/** Description of an unknown document, by its keys or columns. */
export function looksLike(document: Document): string {
  const table = tableOf(document);
  if (table) return `a table with the columns ${listed(table.cells[0] ?? [])}`;
  if (Array.isArray(document)) {
    const [one] = document as readonly Document[];
    return one === undefined ? 'an empty list' : `a list of ${document.length} that begins with ${looksLike(one)}`;
  }
  if (typeof document !== 'object' || document === null) return `${JSON.stringify(document)?.slice(0, 40)}`;
  const keys = Object.keys(document);
  return keys.length === 0 ? 'an empty object' : `an object with ${listed(keys)}`;
}

function listed(names: readonly string[]): string {
  return `${names
    .slice(0, 6)
    .map((name) => JSON.stringify(name))
    .join(', ')}${names.length > 6 ? ', …' : ''}`;
}
