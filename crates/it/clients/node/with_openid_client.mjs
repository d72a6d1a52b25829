// openid-client: a web application, a native one, and a service.

import * as client from 'openid-client';
import { Browser } from './browser.mjs';
import { algorithm, clientId, clientSecret, consentClientId, issuer, password, publicClientId, redirectUri, refused, saw, username } from './given.mjs';

// The installation under test has no TLS.
const plain = { execute: [client.allowInsecureRequests] };
const scope = 'openid profile email';

async function code(config, name) {
  const browser = new Browser();
  const signIn = (url) => browser.open(url, redirectUri, username, password);
  // [documented
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const back = await signIn(url); // the address that the browser comes back to
  const checks = { pkceCodeVerifier, expectedState, expectedNonce };
  const tokens = await client.authorizationCodeGrant(config, back, checks);
  const person = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  // documented]
  saw('code', { client: name, scope: tokens.scope, name: person.preferred_username, pages: browser.forms });
  const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
  if (fresh.access_token === tokens.access_token) throw new Error('the same access token');
  if (fresh.claims()?.sub !== person.sub) throw new Error('another person');
  saw('refresh', { client: name });
  const silent = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri, scope, prompt: 'none', state: 'x',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: 'S256',
  });
  const known = await signIn(silent);
  const away = client.buildEndSessionUrl(config, {
    id_token_hint: fresh.id_token ?? tokens.id_token, post_logout_redirect_uri: redirectUri, state: 'bye',
  });
  const ended = await signIn(away);
  const nobody = await signIn(silent);
  saw('logout', {
    client: name, before: known.searchParams.has('code'), state: ended.searchParams.get('state'),
    after: nobody.searchParams.get('error'),
  });
  const again = await refused(() => client.authorizationCodeGrant(config, back, checks));
  saw('code_again', { client: name, error: again.error });
}

const config = await client.discovery(new URL(issuer), clientId, clientSecret, undefined, plain);
const metadata = config.serverMetadata();
saw('discovery', { issuer: metadata.issuer, algorithms: metadata.id_token_signing_alg_values_supported });
const other = await client.discovery(new URL(issuer), clientId, clientSecret, client.ClientSecretBasic(clientSecret), { ...plain, algorithm: 'oauth2' });
saw('metadata', { same: other.serverMetadata().token_endpoint === metadata.token_endpoint });

await code(config, clientId);
await code(await client.discovery(new URL(issuer), publicClientId, undefined, client.None(), plain), publicClientId);
await code(await client.discovery(new URL(issuer), consentClientId, clientSecret, undefined, plain), consentClientId);

const own = await client.clientCredentialsGrant(config, { scope: 'profile' });
saw('client_credentials', { scope: own.scope, seconds: own.expires_in });
for (const [method, at] of [['form', config], ['basic', other]]) {
  const direct = await client.genericGrantRequest(at, 'password', { username, password, scope });
  const person = await client.fetchUserInfo(at, direct.access_token, client.skipSubjectCheck);
  const told = await client.tokenIntrospection(at, direct.access_token);
  await client.tokenRevocation(at, direct.refresh_token);
  const after = await client.tokenIntrospection(at, direct.access_token);
  saw('password', { method, name: person.preferred_username, active: told.active, activeAfter: after.active });
}
const wrong = await refused(() => client.genericGrantRequest(config, 'password', { username, password: 'wrong' }));
saw('refused', { error: wrong.error, text: wrong.error_description, status: wrong.status });
saw('end', { algorithm });
