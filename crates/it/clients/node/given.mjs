// What a driver is given by the suite, and how it says what it saw: a line of JSON a step.

const { env } = process;

/** The realm's issuer, `http://127.0.0.1:PORT/realms/NAME`. */
export const issuer = env.ISSUER;
/** A confidential client, with every grant. */
export const clientId = env.CLIENT_ID;
export const clientSecret = env.CLIENT_SECRET;
/** A public client. */
export const publicClientId = env.PUBLIC_CLIENT_ID;
/** A confidential one that persons are asked about. */
export const consentClientId = env.CONSENT_CLIENT_ID;
/** Registered at each; nobody listens there. */
export const redirectUri = env.REDIRECT_URI;
export const username = env.PERSON;
export const password = env.PASSWORD;
/** How the realm signs: RS256, ES256 or EdDSA. */
export const algorithm = env.ALGORITHM;

/** Prints a step. */
export function saw(step, values = {}) {
  console.log(JSON.stringify({ step, ...values }));
}

/** What the library makes of a refusal; that it is none is the failure. */
export async function refused(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('not refused');
}
