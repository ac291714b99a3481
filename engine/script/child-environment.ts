/** Environment variables by name. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Variables with the keys of the server under test. */
const OURS = new Set(['OPENAI_API_KEY', 'TOKENSWARM_API_KEY', 'TOKENSWARM_TLS_KEY', 'TOKENSWARM_TLS_PASSPHRASE']);

const SECRET = /(?:^|_)(?:key|token|secret|password|passwd|passphrase|credentials?)$/i;

/** User and password in a URL, as proxies have them. */
const LOGIN = /:\/\/[^/\s]*@/;

/** Environment for a process of ours, which needs no secret at all. */
export function childEnvironment(environment: Environment = process.env): Record<string, string | undefined> {
  const kept = Object.entries(environment).filter(([name, value = '']) => !SECRET.test(name) && !LOGIN.test(value));
  return Object.fromEntries(kept);
}

/** Environment for the user's program, without the keys meant for us. */
export function serverEnvironment(environment: Environment = process.env): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !OURS.has(name)));
}

/** Starts a process that takes no environment, with secrets hidden from it. */
export function startWithoutSecrets<Started>(start: () => Started): Started {
  const hidden = Object.entries(process.env).filter(([name]) => !Object.hasOwn(childEnvironment(), name));
  for (const [name] of hidden) delete process.env[name];
  try {
    return start();
  } finally {
    Object.assign(process.env, Object.fromEntries(hidden));
  }
}
