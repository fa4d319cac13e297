// A web app that renders on the server. Tokens stay here; the browser holds nothing but the number of its session.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import * as oidc from 'openid-client';

const port = Number(process.env.PORT ?? 5174);
const issuer = new URL(process.env.ISSUER ?? 'http://localhost:8000');
const api = process.env.API ?? 'http://localhost:5175';
const here = `http://localhost:${port}`;
const secret = process.env.CLIENT_SECRET ?? 'demo-web-secret';

// Plain http is for this machine only.
const config = await oidc.discovery(issuer, process.env.CLIENT_ID ?? 'demo-web', undefined, oidc.ClientSecretBasic(secret), {
  execute: issuer.hostname === 'localhost' ? [oidc.allowInsecureRequests] : [],
});

/** Session number → what we know. A real app keeps this in its database. */
const sessions = new Map();
const escape = text => String(text).replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);
const page = (title, body) => `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>${title}</title><body style="font-family: system-ui; max-width: 40rem; margin: 3rem auto">
<h1>${title}</h1>${body}`;
const button = (path, text) => `<form method="post" action="${path}"><button>${text}</button></form>`;

function sessionOf(request) {
  return sessions.get(/(?:^|; )webapp=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]);
}

/** A new number for every step that changes who is signed in, so that nobody can plant one beforehand. */
function begin(request, response, session) {
  sessions.delete(/(?:^|; )webapp=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]);
  const number = randomBytes(24).toString('base64url');
  sessions.set(number, session);
  response.setHeader('Set-Cookie', `webapp=${number}; Path=/; HttpOnly; SameSite=Lax`);
}

const redirect = (response, url) => response.writeHead(303, { Location: url.toString() }).end();

async function signIn(request, response) {
  const pending = { verifier: oidc.randomPKCECodeVerifier(), state: oidc.randomState(), nonce: oidc.randomNonce() };
  begin(request, response, { pending });
  redirect(response, await oidc.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: `${here}/callback`,
    scope: 'openid profile email offline_access notes',
    code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    state: pending.state,
    nonce: pending.nonce,
  }));
}

async function callback(request, response) {
  const pending = sessionOf(request)?.pending;
  if (!pending) return redirect(response, here);
  const tokens = await oidc.authorizationCodeGrant(config, new URL(request.url, here), {
    pkceCodeVerifier: pending.verifier, expectedState: pending.state, expectedNonce: pending.nonce, idTokenExpected: true,
  });
  const person = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  begin(request, response, { ...remember(tokens), person, idToken: tokens.id_token });
  redirect(response, here);
}

const remember = tokens => ({ accessToken: tokens.access_token, refreshToken: tokens.refresh_token, goodUntil: Date.now() + 1000 * (tokens.expiresIn() - 30) });

async function notes(session) {
  if (Date.now() > session.goodUntil) Object.assign(session, remember(await oidc.refreshTokenGrant(config, session.refreshToken)));
  const answer = await oidc.fetchProtectedResource(config, session.accessToken, new URL(`${api}/notes`), 'GET');
  return answer.json();
}

async function signOut(request, response, session) {
  begin(request, response, {});
  await oidc.tokenRevocation(config, session.refreshToken);
  redirect(response, oidc.buildEndSessionUrl(config, { id_token_hint: session.idToken, post_logout_redirect_uri: `${here}/` }));
}

createServer(async (request, response) => {
  const session = sessionOf(request);
  const signedIn = session?.person !== undefined;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  try {
    switch (`${request.method} ${new URL(request.url, here).pathname}`) {
      case 'GET /': return response.end(signedIn
        ? page('Demo web app', `<p>Signed in as ${escape(session.person.name ?? session.person.sub)}.</p><p><a href="/notes">Your notes</a></p>${button('/sign-out', 'Sign out')}`)
        : page('Demo web app', `<p>Signed out.</p>${button('/sign-in', 'Sign in')}`));
      case 'POST /sign-in': return await signIn(request, response);
      case 'GET /callback': return await callback(request, response);
      case 'GET /notes': return signedIn ? response.end(page('Your notes', `<pre>${escape(JSON.stringify(await notes(session), null, 2))}</pre>`)) : redirect(response, here);
      case 'POST /sign-out': return signedIn ? await signOut(request, response, session) : redirect(response, here);
      default: return response.writeHead(404).end(page('Not found', ''));
    }
  } catch (fault) {
    console.error(fault);
    response.writeHead(502).end(page('That did not work', `<p>${escape(fault.error ?? fault.code ?? fault.name)}: ${escape(fault.error_description ?? fault.message)}</p>`));
  }
}).listen(port, 'localhost', () => console.log(`WebApp: ${here}`));
