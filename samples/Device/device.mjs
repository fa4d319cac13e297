// A program without a browser (RFC 8628): shows a code, waits until its person has decided on another device, and calls the API for them.
import * as oidc from 'openid-client';

const issuer = new URL(process.env.ISSUER ?? 'http://localhost:8000');
const api = process.env.API ?? 'http://localhost:5175';

// Plain http is for this machine only.
const config = await oidc.discovery(issuer, process.env.CLIENT_ID ?? 'demo-device', undefined, oidc.None(), {
  execute: issuer.hostname === 'localhost' ? [oidc.allowInsecureRequests] : [],
});

const asked = await oidc.initiateDeviceAuthorization(config, { scope: 'openid profile offline_access notes' });
console.log(`Open ${asked.verification_uri} on your phone or computer and type the code`);
console.log(`\n    ${asked.user_code}\n`);
console.log(`or open ${asked.verification_uri_complete}`);

try {
  // Asks every few seconds, as slowly as the server wants it, until the person has decided or the code is too old.
  const tokens = await oidc.pollDeviceAuthorizationGrant(config, asked);
  const person = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  console.log(`Signed in as ${person.name ?? person.sub}.`);

  const notes = await oidc.fetchProtectedResource(config, tokens.access_token, new URL(`${api}/notes`), 'GET');
  if (!notes.ok) throw new Error(`The API answered ${notes.status}.`);
  console.log(JSON.stringify(await notes.json()));
} catch (fault) {
  if (fault.error !== 'access_denied' && fault.error !== 'expired_token') throw fault;
  console.log(fault.error === 'access_denied' ? 'You refused.' : 'The code is too old. Start again.');
  process.exitCode = 1;
}
