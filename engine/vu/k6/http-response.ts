import type { ResponseType } from '../../api/http-params.js';
import type { Response } from '../../api/http-response.js';
import type { HttpExchange } from '../../client/http/http-exchange.js';
import { HttpResponse } from '../http/http-response.js';
import { parseHtml, type Selection } from './html.js';

/** Sends a request of the same VU. */
export type Send = (method: string, url: unknown, body?: unknown, params?: unknown) => Promise<Response<ResponseType>>;

/** Arguments of `submitForm` and `clickLink`. */
interface FollowOptions {
  readonly selector?: string;
  readonly formSelector?: string;
  readonly submitSelector?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly params?: unknown;
}

/** Response of `k6/http`, which can be read as a page. */
export class K6Response extends HttpResponse {
  readonly #send: Send;

  constructor(exchange: HttpExchange, type: ResponseType, send: Send) {
    super(exchange, type);
    this.#send = send;
  }

  /** Answer of an authority on the certificate, which is not asked here. */
  get ocsp() {
    return { produced_at: 0, this_update: 0, next_update: 0, revoked_at: 0, revocation_reason: '', status: '' };
  }

  /** Selection of the body's document, or of a part of it. */
  html(selector?: string): Selection {
    const { body } = this as { readonly body: string | ArrayBuffer | null };
    if (body === null) throw new TypeError('there is no body to read as HTML');
    const page = parseHtml(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'), this.url);
    return selector === undefined ? page : page.find(selector);
  }

  /** Sends a form of the page. `fields` override its own values. */
  async submitForm(options: FollowOptions = {}): Promise<Response<ResponseType>> {
    const { formSelector = 'form', submitSelector = '[type="submit"]', fields = {}, params } = options;
    const form = this.html(formSelector);
    if (form.size() === 0)
      throw new Error(`submitForm: no form is found by ${JSON.stringify(formSelector)} at ${this.url}`);
    const method = (form.attr('method') ?? 'GET').toUpperCase();
    const target = new URL(form.attr('action') ?? '', this.url);
    const submit = form.find(submitSelector);
    const pressed = submit.attr('name');
    const values: Record<string, unknown> = { ...form.serializeObject() };
    if (pressed) values[pressed] = submit.attr('value') ?? '';
    Object.assign(values, fields);
    if (method !== 'GET') return this.#send(method, target.href, values, params);
    for (const [name, value] of Object.entries(values)) target.searchParams.set(name, String(value));
    return this.#send('GET', target.href, null, params);
  }

  /** Follows a link of the page. */
  async clickLink({ selector = 'a[href]', params }: FollowOptions = {}): Promise<Response<ResponseType>> {
    const link = this.html(selector).first();
    const href = link.attr('href');
    if (href === undefined)
      throw new Error(`clickLink: no link is found by ${JSON.stringify(selector)} at ${this.url}`);
    return this.#send('GET', new URL(href, this.url).href, null, params);
  }
}
