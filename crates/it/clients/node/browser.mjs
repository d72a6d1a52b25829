// A person at a browser: follows redirects by hand, fills in the form of a page, keeps cookies.

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text) {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) =>
    decimal || hex ? String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)) : (entities[name] ?? whole));
}

function attributes(tag) {
  const found = {};
  for (const [, name, double, single, bare] of tag.matchAll(/\s([\w-]+)(?:=(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g)) {
    found[name.toLowerCase()] = unescaped(double ?? single ?? bare ?? '');
  }
  return found;
}

/** The page's first form that is sent by POST, filled in; its first button is the one that goes on. */
function filledForm(page, username, password) {
  for (const [, head, inside] of page.matchAll(/<form(\s[^>]*)?>([\s\S]*?)<\/form>/gi)) {
    const form = attributes(head ?? '');
    if (form.method?.toLowerCase() !== 'post') continue;
    const fields = new URLSearchParams();
    for (const [tag] of inside.matchAll(/<input\s[^>]*>/gi)) {
      const { name, value = '', type = 'text', checked } = attributes(tag);
      if (!name || (['checkbox', 'radio'].includes(type) && checked === undefined)) continue;
      fields.set(name, { text: username, email: username, password }[type] ?? value);
    }
    const button = attributes(inside.match(/<button\s[^>]*>/i)?.[0] ?? '');
    if (button.name) fields.set(button.name, button.value ?? '');
    return { action: form.action ?? '', fields };
  }
  return undefined;
}

/** One browser with its cookies. */
export class Browser {
  forms = 0;
  #cookies = new Map();

  /** Opens one address; redirects are for the caller. */
  async fetch(url, { headers = {}, ...options } = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { ...options, headers: cookie ? { ...headers, cookie } : headers, redirect: 'manual' });
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = set.match(/^([^=]+)=([^;]*)/);
      if (/;\s*max-age=0/i.test(set) || value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }

  /** Signs in, from an address to the one below `redirectUri` that the person ends at. */
  async open(url, redirectUri, username, password) {
    const ends = (address) => address.split('?')[0] === redirectUri.split('?')[0];
    let address = String(url);
    let answer = await this.fetch(address);
    for (let steps = 0; steps < 12; steps += 1) {
      if (answer.status >= 300 && answer.status < 400) {
        address = new URL(answer.headers.get('location'), address).href;
        if (ends(address)) return new URL(address);
        answer = await this.fetch(address);
        continue;
      }
      const page = await answer.text();
      const form = answer.status === 200 ? filledForm(page, username, password) : undefined;
      if (!form) throw new Error(`${answer.status} at ${address}:\n${page}`);
      this.forms += 1;
      const headers = { origin: new URL(address).origin, referer: address };
      address = new URL(form.action, address).href;
      answer = await this.fetch(address, { method: 'POST', body: form.fields, headers });
    }
    throw new Error(`still no redirect to ${redirectUri}: ${address}`);
  }
}
