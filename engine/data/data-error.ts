import { configError, type UserError } from '../errors.js';

const FORMS = 'docs/data.md shows the forms that a data set may have';

/** Error of a data set, with its place and a hint. */
export function dataError(where: string, message: string, hint = FORMS): UserError {
  return configError(where, message, hint);
}

/** File size in MiB or GiB, such as `1.9 GiB`. */
export function sizeText(bytes: number): string {
  const MIB = 2 ** 20;
  return bytes >= 1024 * MIB ? `${(bytes / 1024 / MIB).toFixed(1)} GiB` : `${Math.round(bytes / MIB)} MiB`;
}
