import { readFileSync } from 'node:fs';
import { packageFile } from './own-files.js';

/** The version in package.json, of the package. */
export const VERSION: string = (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string })
  .version;
