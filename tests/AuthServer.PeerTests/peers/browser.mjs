// A browser without script: keeps cookies, follows redirects, fills forms. It knows the server's pages, and stops where the caller wants to see what arrived.

import { request } from 'node:http';

/** Not `fetch`, which says of itself that it is a script's call and not a person's navigation. */
const navigate = (url, method, headers, body) => new Promise((resolve, reject) => {
  const sent = request(url, { method, headers: body ? { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' } : headers }, async answer => {
    let html = '';
    for await (const part of answer.setEncoding('utf8')) html += part;
    resolve({ status: answer.statusCode, headers: answer.headers, html });
  });
  sent.on('error', reject).end(body?.toString());
});

const attribute = (tag, name) => new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1].replaceAll('&amp;', '&').replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(parseInt(hex, 16)));

export class Browser {
  #cookies = new Map();

  /** `stopAt`: the address, without its query, that is not opened; `page.url` is then the answer it got. */
  async open(url, { stopAt, method = 'GET', body } = {}) {
    for (let hop = 0; hop < 20; hop++) {
      if (stopAt && url.toString().split('?')[0] === stopAt) return { url: new URL(url), stopped: true };
      const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await navigate(url, method, { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', ...(cookies && { Cookie: cookies }) }, body);
      for (const line of answer.headers['set-cookie'] ?? []) this.#keep(line);
      if (!answer.headers.location) return { url: new URL(url), ...answer };
      [url, method, body] = [new URL(answer.headers.location, url), 'GET', undefined];
    }

    throw new Error(`A circle of redirects at ${url}.`);
  }

  /** Sends the page's form that has a field or button of this name and value, or its first one that posts. */
  submit(page, values, { stopAt, action } = {}) {
    const forms = [...page.html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)].filter(([, tag]) => /method="post"/i.test(tag));
    const form = action ? forms.find(([, tag]) => attribute(tag, 'action') === action) : forms[0];
    if (!form) throw new Error(`No form at ${page.url} (${page.status}): ${page.html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')}`);
    const body = new URLSearchParams();
    for (const [tag] of form[2].matchAll(/<input\b[^>]*>/gi)) {
      if (attribute(tag, 'name') && !/type="checkbox"/i.test(tag)) body.set(attribute(tag, 'name'), attribute(tag, 'value') ?? '');
    }

    for (const [name, value] of Object.entries(values)) body.set(name, value);
    return this.open(new URL(attribute(form[1], 'action') ?? page.url, page.url), { method: 'POST', body, stopAt });
  }

  /** Opens an address that leads to the server and does what its pages ask for, as this person. */
  async signIn(start, person, stopAt) {
    let page = typeof start === 'object' && 'html' in start ? start : await this.open(start, { stopAt });
    for (let step = 0; step < 4 && !page.stopped; step++) {
      if (page.url.pathname === '/login') {
        const [name, secret] = [/autocomplete="username\b/, /type="password"/].map(mark => attribute([...page.html.matchAll(/<input\b[^>]*>/gi)].find(([tag]) => mark.test(tag))[0], 'name'));
        page = await this.submit(page, { [name]: person.userName, [secret]: person.password }, { stopAt });
      } else if (page.url.pathname === '/consent') {
        page = await this.submit(page, { decision: 'allow' }, { stopAt });
      } else {
        break;
      }
    }

    return page;
  }

  #keep(line) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    if (value === '' || /;\s*max-age=(0|-\d+)/i.test(line) || /;\s*expires=\w+, 01.Jan.1970/i.test(line)) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

/** What the test handed over. */
export async function input() {
  let text = '';
  for await (const part of process.stdin) text += part;
  return JSON.parse(text);
}

/** The OAuth error code a promise fails with; undefined where it does not fail. */
export const errorOf = promise => promise.then(() => undefined, fault => fault.error ?? fault.cause?.[0]?.parameters?.error ?? fault.code ?? fault.message);
