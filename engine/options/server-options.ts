import { createSecureContext } from 'node:tls';
import * as v from 'valibot';
import * as llmCalls from '../api/llm.js';
import type { ProtocolName } from '../api/options.js';
import { field, text, textMap } from '../schema.js';
import { yesOrNo } from './fields.js';
import { ALL, commandOption, option, RUNNING, SERVING } from './option.js';

/** Secret text, never shown. */
const secret = v.pipe(v.string('expected a text'), v.minLength(1, 'expected a text'));

/** Key of the server. Blanks, line breaks and quotes around it, and a scheme before it, are no part of it. */
const apiKey = v.pipe(
  secret,
  v.transform((key) =>
    key
      .trim()
      .replace(/^(["'])(.*)\1$/s, '$2')
      .replace(/^Bearer /i, '')
      .trim(),
  ),
  v.minLength(1, 'expected a text'),
  v.regex(
    /^[\x20-\x7e]*$/,
    'expected a key that a header can carry: it has a line break or another such character in it',
  ),
);

/** URL of one server, or several from a flag or variable. */
const address = field('a URL', (input) => {
  const isText = (url: unknown) => typeof url === 'string' && url !== '';
  const isGood = Array.isArray(input) ? input.length > 0 && input.every(isText) : isText(input);
  return isGood ? (input as string | readonly string[]) : undefined;
});

const addresses = field('a list of at least one URL', (input) =>
  Array.isArray(input) && input.length > 0 && input.every((url) => typeof url === 'string' && url !== '')
    ? (input as readonly string[])
    : undefined,
);

/** Protocols by the functions of the scenario API. */
const PROTOCOLS: Readonly<Record<ProtocolName, unknown>> = llmCalls;

const protocol = field(`one of ${Object.keys(PROTOCOLS).join(', ')}`, (input) =>
  typeof input === 'string' && Object.hasOwn(PROTOCOLS, input) ? (input as ProtocolName) : undefined,
);

/** URL of a page, `auto` or `off`. */
const pageOf = (what: string) =>
  field(`'auto', 'off' or the URL of ${what}`, (input) => {
    const isUrl = typeof input === 'string' && /^https?:\/\/./.test(input) && URL.canParse(input);
    return input === 'auto' || input === 'off' || isUrl ? (input as string) : undefined;
  });

const metricsSource = pageOf('a page of metrics');
const gpuSource = pageOf('a DCGM exporter');

const readerChoice = field("'auto', 'native' or 'js'", (input) =>
  input === 'auto' || input === 'native' || input === 'js' ? input : undefined,
);

const headerName = field('the name of a header, such as X-Session-ID', (input) =>
  typeof input === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(input) ? input : undefined,
);

const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
const tlsVersion = field(`one of ${VERSIONS.join(', ')}`, (input) => VERSIONS.find((version) => version === input));

const ciphers = field("ciphers that OpenSSL knows, such as 'ECDHE-RSA-AES128-GCM-SHA256'", (input) => {
  try {
    if (typeof input !== 'string' || input === '') return undefined;
    createSecureContext({ ciphers: input });
    return input;
  } catch {
    return undefined;
  }
});

/** Options of the server under test. */
export const serverOptions = {
  baseUrl: option(v.optional(address), {
    kind: 'urls',
    flag: '--base-url <url>',
    heading: 'The server:',
    commands: ALL,
    meaning: 'server under test, such as http://127.0.0.1:8000/v1; several (repeated or with commas) take turns',
    otherwise: 'OPENAI_BASE_URL',
  }),
  baseUrls: option(v.optional(addresses), {
    meaning: 'several servers that take requests in turn',
    docs: 'several servers with the same model, which [take turns](transport.md#several-servers); in place of `baseUrl`',
  }),
  model: option(v.optional(text), {
    kind: 'text',
    flag: '--model <name>',
    commands: ALL,
    meaning: 'model to request',
    otherwise: 'the first that the server lists',
  }),
  apiKey: option(v.optional(apiKey), {
    kind: 'text',
    flag: '--api-key <key>',
    commands: ALL,
    meaning: 'sent as bearer token, never printed',
    otherwise: 'OPENAI_API_KEY',
  }),
  simulate: commandOption({
    kind: 'switch',
    flag: '--simulate',
    commands: SERVING,
    meaning: 'start the embedded simulator and use it as server',
  }),
  preflight: option(v.optional(yesOrNo, true), {
    kind: 'switch',
    flag: '--no-preflight',
    commands: ALL,
    meaning: 'skip the preflight check of the server',
    docs: 'check the server before the load',
  }),
  serverMetrics: option(v.optional(metricsSource, 'auto'), {
    kind: 'text',
    flag: '--server-metrics <url>',
    commands: RUNNING,
    meaning: "URL of the server's metrics; auto tries /metrics; off",
    docs: "[the server's own metrics](dashboard.md#the-server): a URL, `auto` or `off`",
  }),
  gpu: option(v.optional(gpuSource, 'auto'), {
    kind: 'text',
    flag: '--gpu <url>',
    commands: RUNNING,
    meaning: 'URL of a DCGM exporter; auto asks nvidia-smi or amd-smi if the server is on this machine; off',
    docs: '[power and memory of the cards](dashboard.md#the-cards): the URL of a DCGM exporter, `auto` or `off`',
  }),
  tokenizer: option(v.optional(text), {
    kind: 'text',
    flag: '--tokenizer <file>',
    commands: ALL,
    meaning: "the model's tokenizer.json",
    docs: "the model's `tokenizer.json`, or its folder: [counts tokens](tokens.md#in-a-run) that the server does not",
  }),
  protocol: option(v.optional(protocol, 'chat'), {
    kind: 'text',
    meaning: 'how the preflight checks the server',
    docs: 'how the preflight checks the server, see [protocols.md](protocols.md)',
  }),
};

/** Options of sessions against several servers or behind a router. */
export const sessionOptions = {
  sessionHeader: option(v.optional(headerName), {
    kind: 'text',
    flag: '--session-header <name>',
    commands: SERVING,
    meaning: "header that carries a session's id, for routers: X-Session-ID",
    docs: 'header that carries the id of a [session](agents.md#routing), for routers that keep sessions together: `X-Session-ID`, `X-SMG-Routing-Key`, `X-Dynamo-Session-ID`',
  }),
  sessionField: option(v.optional(text), {
    kind: 'text',
    flag: '--session-field <name>',
    commands: SERVING,
    meaning: "field of the request's body that carries a session's id: prompt_cache_key",
    docs: "field of the request's body that carries the id of a [session](agents.md#routing); dots lead into objects: `prompt_cache_key`, `session_params.id`",
  }),
  stickySessions: option(v.optional(yesOrNo, true), {
    kind: 'switch',
    flag: '--no-sticky-sessions',
    commands: SERVING,
    meaning: "spread a session's requests over several servers",
    docs: 'send all requests of a [session](agents.md#routing) to the same of several servers',
  }),
};

/** Certificates; parts of the option `tls`. */
export const tlsOptions = {
  ca: option(v.optional(text), {
    kind: 'text',
    flag: '--ca <file>',
    commands: SERVING,
    meaning: 'trust the authorities of this PEM file as well',
    docs: 'trust the authorities of this PEM file as well, see [transport.md](transport.md)',
  }),
  cert: option(v.optional(text), {
    kind: 'text',
    flag: '--cert <file>',
    commands: SERVING,
    meaning: 'client certificate, PEM; with --key',
  }),
  key: option(v.optional(secret), {
    kind: 'text',
    flag: '--key <file>',
    commands: SERVING,
    meaning: 'its private key, PEM',
  }),
  passphrase: option(v.optional(secret), { kind: 'text', meaning: 'password of the private key' }),
  minVersion: option(v.optional(tlsVersion), { kind: 'text', meaning: 'oldest TLS version', otherwise: "Node's" }),
  maxVersion: option(v.optional(tlsVersion), { kind: 'text', meaning: 'newest TLS version', otherwise: "Node's" }),
  ciphers: option(v.optional(ciphers), {
    kind: 'text',
    meaning: "TLS ciphers in OpenSSL's form",
    docs: "TLS ciphers in OpenSSL's form, such as `ECDHE-RSA-AES128-GCM-SHA256`",
    otherwise: "Node's",
  }),
  serverName: option(v.optional(text), {
    meaning: "the name expected on servers' certificates",
    otherwise: "each URL's host",
  }),
};

const localAddress = v.pipe(
  text,
  v.ip(({ received }) => `expected an IP address of this machine, got ${received}`),
);

/** Options of connections. */
export const transportOptions = {
  insecureSkipTLSVerify: option(v.optional(yesOrNo, false), {
    kind: 'switch',
    flag: '--insecure-skip-tls-verify',
    commands: SERVING,
    meaning: 'accept any server certificate',
  }),
  hosts: option(v.optional(textMap, {}), {
    kind: 'pairs',
    meaning: 'addresses of hosts, in place of those of the name service',
    docs: 'addresses of hosts, in place of those of the name service: `{ "api.test": "10.0.0.7:8443", "*.test": "10.0.0.8" }`',
  }),
  localAddresses: option(v.optional(v.array(localAddress)), {
    kind: 'list',
    flag: '--local-address <ip>',
    commands: SERVING,
    meaning: 'address of this machine that connections start from; several (repeated) take turns',
    docs: 'addresses of this machine that connections start from, in turns: each has [ports of its own](scale.md#what-one-machine-carries)',
    otherwise: "the system's choice",
  }),
  http2: option(v.optional(yesOrNo, false), {
    kind: 'switch',
    flag: '--http2',
    commands: SERVING,
    meaning: 'use HTTP/2 with https servers that offer it',
  }),
  reader: option(v.optional(readerChoice, 'auto'), {
    kind: 'text',
    flag: '--reader <name>',
    commands: SERVING,
    meaning:
      'what reads streams over plain HTTP: native (in C, kernel time stamps), js, or auto: native if it can be built',
    docs: 'what reads streams over plain HTTP: `native` (in C, kernel time stamps), `js`, or `auto`, see [transport.md](transport.md#the-native-reader)',
  }),
};
