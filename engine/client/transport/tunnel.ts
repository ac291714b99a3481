import { request } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import { ProxyError } from './connect-error.js';
import type { HttpProxy } from './proxy.js';

/** Opens a tunnel to a server through a connected proxy (HTTP CONNECT). */
export function openTunnel(
  socket: Socket,
  { host, port }: { readonly host: string; readonly port: number },
  proxy: HttpProxy,
  opened: (socket: Socket) => void,
  failed: (error: Error) => void,
): void {
  const server = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const connect = request({
    method: 'CONNECT',
    path: server,
    headers: { host: server, ...(proxy.authorization && { 'proxy-authorization': proxy.authorization }) },
    createConnection: () => socket,
  });
  connect.once('connect', ({ statusCode = 0 }, tunnel: Socket, head) => {
    if (head.length > 0) tunnel.unshift(head);
    if (statusCode >= 200 && statusCode < 300) opened(tunnel);
    else if (statusCode === 407) failed(new ProxyError('requires a valid user and password (HTTP 407)', proxy));
    else failed(new ProxyError(`refuses to connect to ${server} (HTTP ${statusCode})`, proxy));
  });
  connect.once('error', (error) =>
    failed(new ProxyError(`cannot open a tunnel to ${server}: ${error.message}`, proxy)),
  );
  connect.end();
}
