import { readFileSync } from 'node:fs';
import type { CalibrationFile } from '../engine/calibrate/calibration-file.js';
import { constantsIn } from '../engine/calibrate/read-runs.js';
import { configError, messageOf } from '../engine/errors.js';
import { type Efficiency, readEfficiency } from '../engine/hardware/index.js';

/** Reads the file of `--efficiency`. Its constants go over `base`; a calibration's file says more. */
export function readConstants(
  file: string,
  base: Efficiency,
): { readonly efficiency: Efficiency; readonly calibration: Partial<CalibrationFile> } {
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw configError('--efficiency', `${file} cannot be read: ${messageOf(error)}`, 'docs/hardware.md has an example');
  }
  const { efficiency, problems } = readEfficiency(constantsIn(file, given), base);
  if (problems.length === 0) return { efficiency, calibration: Object(given) as Partial<CalibrationFile> };
  throw configError('--efficiency', `${file}: ${problems.join('; ')}`, 'docs/hardware.md lists all constants');
}
