// oauth4webapi: the same by its lower-level calls, which check more.

import * as oauth from 'oauth4webapi';
import { Browser } from './browser.mjs';
import { algorithm, clientId, clientSecret, issuer, password, redirectUri, refused, saw, username } from './given.mjs';

// The installation under test has no TLS.
const options = { [oauth.allowInsecureRequests]: true };
const client = { client_id: clientId };
const secret = oauth.ClientSecretBasic(clientSecret);

const at = new URL(issuer);
const as = await oauth.processDiscoveryResponse(at, await oauth.discoveryRequest(at, options));
const rfc8414 = await oauth.processDiscoveryResponse(at, await oauth.discoveryRequest(at, { ...options, algorithm: 'oauth2' }));
saw('discovery', { issuer: as.issuer, same: rfc8414.issuer === as.issuer, algorithms: as.id_token_signing_alg_values_supported });

const signIn = (url) => new Browser().open(url, redirectUri, username, password);

// [documented
const verifier = oauth.generateRandomCodeVerifier();
const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
const url = new URL(as.authorization_endpoint);
url.search = new URLSearchParams({
  client_id: clientId,
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: 'openid profile email',
  max_age: '900',
  state,
  nonce,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
});
const back = await signIn(url); // the address that the browser comes back to
const parameters = oauth.validateAuthResponse(as, client, back, state);
const answer = await oauth.authorizationCodeGrantRequest(
  as, client, secret, parameters, redirectUri, verifier, options);
const tokens = await oauth.processAuthorizationCodeResponse(
  as, client, answer, { expectedNonce: nonce, maxAge: 900, requireIdToken: true });
await oauth.validateApplicationLevelSignature(as, answer, options); // of the ID token, by the realm's keys
// documented]
const claims = oauth.getValidatedIdTokenClaims(tokens);
const seen = await oauth.userInfoRequest(as, client, tokens.access_token, options);
const person = await oauth.processUserInfoResponse(as, client, claims.sub, seen);
saw('code', { scope: tokens.scope, name: person.preferred_username, aud: claims.aud, authTime: typeof claims.auth_time });

const asked = await oauth.refreshTokenGrantRequest(as, client, secret, tokens.refresh_token, options);
const fresh = await oauth.processRefreshTokenResponse(as, client, asked);
await oauth.validateApplicationLevelSignature(as, asked, options);
saw('refresh', { changed: fresh.refresh_token !== tokens.refresh_token });

// A token of this realm as a resource server of RFC 9068 would not take it: its type is `JWT`, as Keycloak's is.
const own = await oauth.clientCredentialsGrantRequest(as, client, secret, { scope: 'profile' }, options);
const service = await oauth.processClientCredentialsResponse(as, client, own);
const told = await oauth.processIntrospectionResponse(as, client,
  await oauth.introspectionRequest(as, client, secret, service.access_token, options));
saw('client_credentials', { scope: service.scope, active: told.active, client: told.client_id });

await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, secret, fresh.refresh_token, options));
const after = await oauth.processIntrospectionResponse(as, client,
  await oauth.introspectionRequest(as, client, secret, fresh.access_token, options));
const dead = await refused(async () =>
  oauth.processUserInfoResponse(as, client, claims.sub, await oauth.userInfoRequest(as, client, fresh.access_token, options)));
saw('revoked', { active: after.active, userinfo: dead.status, error: dead.cause?.[0]?.parameters?.error });

// By Basic a 401 names the scheme (RFC 6749 section 5.2), and the library reads no further.
for (const [method, bad] of [['form', oauth.ClientSecretPost('wrong')], ['basic', oauth.ClientSecretBasic('wrong')]]) {
  const wrong = await refused(async () => oauth.processClientCredentialsResponse(as, client,
    await oauth.clientCredentialsGrantRequest(as, client, bad, {}, options)));
  saw('refused', { method, status: wrong.status, says: wrong.error ?? wrong.cause[0].scheme });
}
saw('end', { algorithm });
