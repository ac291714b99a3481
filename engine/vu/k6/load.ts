type K6Parts = typeof import('./index.js');

let parts: K6Parts | undefined;

/** Loads the modules of k6 into this thread. Other scripts start without them. */
export async function loadK6(): Promise<void> {
  parts ??= await import('./index.js');
}

/** Modules of k6, which `loadK6` has loaded. */
export function loadedK6(): K6Parts {
  if (!parts) throw new Error('the modules of k6 are not loaded');
  return parts;
}
