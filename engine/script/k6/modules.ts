/** Module of k6 that a script can import. */
interface K6Module {
  /** Names of its exports, which its default export has as properties. */
  readonly exports: readonly string[];
  /** Those that block in k6, and are awaited here. */
  readonly waits?: readonly string[];
}

const HTTP_VERBS = ['get', 'head', 'post', 'put', 'patch', 'del', 'options', 'request', 'batch'];
const HASHES = ['md4', 'md5', 'ripemd160', 'sha1', 'sha256', 'sha384', 'sha512', 'sha512_224', 'sha512_256'];
const REASONS = ['UNSPECIFIED', 'KEY_COMPROMISE', 'CA_COMPROMISE', 'AFFILIATION_CHANGED', 'SUPERSEDED'].concat([
  'CESSATION_OF_OPERATION',
  'CERTIFICATE_HOLD',
  'REMOVE_FROM_CRL',
  'PRIVILEGE_WITHDRAWN',
  'AA_COMPROMISE',
]);

const STREAMS = ['ReadableStream', 'WritableStream', 'CountQueuingStrategy', 'ByteLengthQueuingStrategy'];

/** Modules of k6 by name. Its library of scripts, which is imported by URL, has names of ours. */
export const K6_MODULES: Readonly<Record<string, K6Module>> = {
  k6: { exports: ['check', 'fail', 'group', 'randomSeed', 'sleep'], waits: ['sleep'] },
  'k6/http': {
    exports: [
      ...HTTP_VERBS,
      ...['asyncRequest', 'cookieJar', 'CookieJar', 'expectedStatuses', 'file', 'setResponseCallback', 'url'],
      ...['TLS_1_0', 'TLS_1_1', 'TLS_1_2', 'TLS_1_3'],
      ...['GOOD', 'REVOKED', 'SERVER_FAILED', 'UNKNOWN'].map((status) => `OCSP_STATUS_${status}`),
      ...REASONS.map((reason) => `OCSP_REASON_${reason}`),
    ],
    waits: HTTP_VERBS,
  },
  'k6/metrics': { exports: ['Counter', 'Gauge', 'Rate', 'Trend'] },
  'k6/data': { exports: ['SharedArray'] },
  'k6/execution': { exports: ['instance', 'scenario', 'test', 'vu'] },
  'k6/timers': { exports: ['clearInterval', 'clearTimeout', 'setInterval', 'setTimeout'] },
  'k6/encoding': { exports: ['b64decode', 'b64encode'] },
  'k6/crypto': { exports: ['createHash', 'createHMAC', 'hexEncode', 'hmac', 'randomBytes', ...HASHES] },
  'k6/ws': { exports: ['connect'], waits: ['connect'] },
  'k6/websockets': { exports: ['Blob', 'WebSocket'] },
  'k6/experimental/websockets': { exports: ['Blob', 'WebSocket'] },
  'k6/html': { exports: ['parseHTML'] },
  'k6/secrets': { exports: ['get', 'source'] },
  'k6/experimental/fs': { exports: ['SeekMode', 'open'] },
  'k6/experimental/csv': { exports: ['Parser', 'parse'] },
  'k6/experimental/webcrypto': { exports: ['crypto'] },
  'k6/experimental/streams': { exports: STREAMS },
  'jslib/k6-utils': {
    exports: [
      ...['findBetween', 'getCurrentStageIndex', 'normalDistributionStages', 'randomIntBetween', 'randomItem'],
      ...['randomString', 'tagWithCurrentStageIndex', 'tagWithCurrentStageProfile', 'uuidv4'],
    ],
  },
  'jslib/k6-summary': { exports: ['humanizeValue', 'jUnit', 'textSummary'] },
};

/** Methods that block in k6, of values of unknown type. */
export const WAITING_METHODS: readonly string[] = ['clickLink', 'submitForm'];

/** True for a module that belongs to k6. */
export function isK6Module(name: string): boolean {
  return name === 'k6' || name.startsWith('k6/') || name.startsWith('jslib/');
}

/** Scripts of k6's library at its usual address, and the modules here. */
const LIBRARY = /^https:\/\/jslib\.k6\.io\/(k6-utils|k6-summary)\/[^/]+\/index\.js$/;

/** Name of a module here for an import's path. Undefined where the path is none of k6's. */
export function k6Name(path: string): string | undefined {
  const [, script] = LIBRARY.exec(path) ?? [];
  if (script !== undefined) return `jslib/${script}`;
  return isK6Module(path) ? path : undefined;
}

/** Modules of k6 that are not here, and where to go instead. */
const ELSEWHERE: readonly (readonly [name: RegExp, advice: string])[] = [
  [/^k6\/(?:experimental\/)?browser/, 'run browser tests with k6 itself, or with Playwright from npm beside the load'],
  [/^k6\/(?:experimental\/|net\/)?grpc/, 'gRPC is not offered: keep this script on k6'],
  [/^k6\/x\//, 'extensions of k6 are in Go: import an npm package in its place'],
  [/^k6\/experimental\/redis/, 'import the npm package redis or ioredis in its place'],
];

/** Advice on a module of k6 that is not here. */
export function adviceOn(name: string): string {
  const known = ELSEWHERE.find(([pattern]) => pattern.test(name))?.[1];
  return (
    known ??
    `there are ${Object.keys(K6_MODULES)
      .filter((each) => each.startsWith('k6'))
      .join(', ')}`
  );
}
