import type { Clock } from '../clock.js';
import { configError } from '../errors.js';
import { folderMeeting } from './folder-meeting.js';
import { joinAddress, openAddress } from './http-meeting.js';
import type { MeetingPoint } from './meeting-point.js';

/**
 * Opens the meeting point of `--start-together`. It is a folder, or the address of share 1 as `host:port`. `key` keeps
 * out others. Throws a UserError.
 */
export async function openMeeting(
  place: string,
  { isFirst, key, clock }: { readonly isFirst: boolean; readonly key: string; readonly clock: Clock },
): Promise<MeetingPoint> {
  const [, host, port] = /^(?:http:\/\/)?(\[[\da-f:]+\]|[\w.-]+):(\d{1,5})\/?$/i.exec(place) ?? [];
  const hasPort = Number(port) >= 1 && Number(port) <= 65_535;
  if (host === undefined || !hasPort) {
    if (host !== undefined || /^\w+:\/\//.test(place)) {
      throw configError('--start-together', `expected a folder or host:port, got ${place}`, 'such as 10.0.0.1:7001');
    }
    return folderMeeting(place, clock);
  }
  const address = { host: host.replace(/^\[|\]$/g, ''), port: Number(port), key };
  return isFirst ? await openAddress(address) : joinAddress(address, clock);
}
