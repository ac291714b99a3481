import { configError, messageOf, UserError } from '../errors.js';
import type { Reporter } from '../metrics/reporter.js';
import { loadModule } from '../script/load-module.js';

/** Default export of a reporter's module. `path` and `options` are those of `--out MODULE:OPTION=PATH`. */
type OpenReporter = (path: string, options: ReadonlySet<string>) => Reporter | Promise<Reporter>;

/** Opens a reporter of the user's. Throws a UserError that names its module. */
export async function loadReporter(module: string, path: string, options: ReadonlySet<string>): Promise<Reporter> {
  const hint = 'docs/reports.md has an example';
  let reporter: unknown;
  try {
    const open = await loadModule(module);
    if (typeof open !== 'function') {
      throw configError(module, 'expected a default export, a function (path, options) that returns a reporter', hint);
    }
    reporter = await (open as OpenReporter)(path, options);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw configError(module, `the reporter cannot be opened: ${messageOf(error)}`, hint);
  }
  if (typeof reporter !== 'object' || reporter === null) {
    throw configError(module, 'its function returned no reporter', hint);
  }
  const { name = `${module}=${path}` } = reporter as Partial<Reporter>;
  return Object.assign(Object.create(reporter) as Reporter, { name });
}
