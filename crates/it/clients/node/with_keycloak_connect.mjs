// keycloak-connect: an Express application behind it that takes tokens, and one that signs persons in.

import express from 'express';
import session from 'express-session';
import Keycloak from 'keycloak-connect';
import { Browser } from './browser.mjs';
import { algorithm, clientId, clientSecret, issuer, password, redirectUri, refused, saw, username } from './given.mjs';

const [server, realm] = issuer.split('/realms/');
const document = await (await fetch(issuer)).json();
const settings = { realm, 'auth-server-url': server, resource: clientId, credentials: { secret: clientSecret } };

/** Runs `test` with the address of an application whose routes `routes` makes. */
async function listening(routes, test, port = 0) {
  const app = express();
  routes(app);
  const listener = await new Promise((done) => { const l = app.listen(port, '127.0.0.1', () => done(l)); });
  try {
    return await test(`http://127.0.0.1:${listener.address().port}`);
  } finally {
    listener.close();
    listener.closeAllConnections();
  }
}

function bearerOnly(more) {
  return (app) => {
    // [documented
    const realmOfOurs = { realm, 'auth-server-url': server, resource: clientId };
    const keycloak = new Keycloak({}, { ...realmOfOurs, 'bearer-only': true, ...more });
    app.use(keycloak.middleware());
    app.get('/orders', keycloak.protect(), (request, response) => response.send('your orders'));
    app.get('/ask', keycloak.protect('realm:nx1_ask'), (request, response) => response.send('an answer'));
    app.get('/engine', keycloak.protect('realm:nx1_engineer'), (request, response) => response.send('an engine'));
    // documented]
  };
}

const called = async (base, path, token) =>
  (await fetch(base + path, token ? { headers: { authorization: `Bearer ${token}` } } : {})).status;

// The library's own client: by password, by its own secret, fresh ones, who it is, whether it lives.
const manager = new Keycloak({}, settings).grantManager;
const local = algorithm === 'RS256';
// It checks signatures by RSA alone; where the realm signs otherwise, tokens come by another way.
async function byHand(form) {
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...form });
  return (await (await fetch(`${issuer}/protocol/openid-connect/token`, { method: 'POST', body })).json()).access_token;
}
let token;
if (local) {
  const grant = await manager.obtainDirectly(username, password, undefined, 'openid profile');
  token = grant.access_token.token;
  grant.access_token.isExpired = () => true;
  const fresh = await manager.ensureFreshness(grant);
  const person = await manager.userInfo(fresh.access_token);
  const own = await manager.obtainFromClientCredentials();
  saw('grants', {
    name: person.preferred_username, refreshed: fresh.access_token.token !== token, role: fresh.access_token.hasRealmRole('nx1_ask'),
    service: own.access_token.content.preferred_username, id: Boolean(grant.id_token),
  });
  token = fresh.access_token.token;
} else {
  const untrusted = await refused(() => manager.obtainDirectly(username, password));
  saw('rsa_alone', { text: untrusted.message });
  token = await byHand({ grant_type: 'password', username, password, scope: 'openid' });
}
const live = await manager.validateAccessToken(token);
const dead = await manager.validateAccessToken(`${token}x`);
saw('introspection', { live: live === token, dead });

if (local) {
  const altered = token.slice(0, -4) + (token.endsWith('AAAA') ? 'BBBB' : 'AAAA');
  for (const [by, more] of [['certs', {}], ['public_key', { 'realm-public-key': document.public_key }]]) {
    await listening(bearerOnly(more), async (base) => saw('bearer_only', {
      by,
      with: await called(base, '/orders', token),
      without: await called(base, '/orders'),
      altered: await called(base, '/orders', altered),
      role: await called(base, '/ask', token),
      otherRole: await called(base, '/engine', token),
    }));
  }
  // Its browser login knows no PKCE, so the client is one for whom that is optional.
  const { port, pathname } = new URL(redirectUri);
  await listening((app) => {
    const store = new session.MemoryStore();
    app.use(session({ secret: 'of the application', resave: false, saveUninitialized: true, store }));
    const keycloak = new Keycloak({ store }, { ...settings, resource: process.env.KEYCLOAK_CLIENT_ID });
    app.use(keycloak.middleware());
    app.get(pathname, keycloak.protect('realm:nx1_ask'), (request, response) =>
      response.send(request.kauth.grant.id_token.content.preferred_username));
  }, async (base) => {
    const browser = new Browser();
    const start = await browser.fetch(base + pathname);
    const back = await browser.open(start.headers.get('location'), base + pathname, username, password);
    const inside = await browser.fetch(back);
    const page = await browser.fetch(new URL(inside.headers.get('location'), base));
    const body = await page.text();
    const away = await browser.fetch(`${base}/logout?redirect_url=${encodeURIComponent(redirectUri)}`);
    const out = await browser.open(away.headers.get('location'), redirectUri, username, password);
    saw('browser', { status: page.status, body, out: out.href === redirectUri });
  }, Number(port));
}
saw('end', { algorithm });
