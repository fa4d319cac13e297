// An API that accepts this server's access tokens. It checks them by itself (a signed JWT, RFC 9068) and shows the other way as well: asking the server (RFC 7662).
import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const port = Number(process.env.PORT ?? 5175);
const issuer = process.env.ISSUER ?? 'http://localhost:8000';
const audience = process.env.AUDIENCE ?? 'http://localhost:5175';
const spa = process.env.SPA ?? 'http://localhost:5173';
const clientId = process.env.CLIENT_ID ?? 'demo-api';
const clientSecret = process.env.CLIENT_SECRET ?? 'demo-api-secret';

const discovery = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
if (discovery.issuer !== issuer) throw new Error(`${issuer} says it is ${discovery.issuer}.`);
const keys = createRemoteJWKSet(new URL(discovery.jwks_uri));

class Refusal extends Error {
  constructor(status, code, description) {
    super(description);
    Object.assign(this, { status, challenge: code ? `Bearer error="${code}", error_description="${description}"` : 'Bearer' });
  }
}

function bearerToken(request) {
  const [, token] = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (!token) throw new Refusal(401, null, 'no token');
  return token;
}

function requireScope(claims, scope) {
  if (!(claims.scope ?? '').split(' ').includes(scope)) throw new Refusal(403, 'insufficient_scope', `the scope ${scope} is needed`);
}

/** Without a call to the server: signature, type, issuer, audience and time. */
async function verify(token) {
  try {
    const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt', algorithms: ['ES256', 'RS256', 'PS256'], requiredClaims: ['sub', 'client_id', 'exp', 'jti'] });
    return payload;
  } catch (fault) {
    throw new Refusal(401, 'invalid_token', fault.code ?? 'the token is not good');
  }
}

/** With a call to the server, which also knows what was revoked a moment ago. */
async function introspect(token) {
  const answer = await fetch(discovery.introspection_endpoint, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)}` },
    body: new URLSearchParams({ token }),
  });
  if (!answer.ok) throw new Refusal(503, null, 'introspection does not work');
  const claims = await answer.json();
  if (!claims.active || ![claims.aud].flat().includes(audience)) throw new Refusal(401, 'invalid_token', 'the token is not active');
  return claims;
}

const routes = {
  '/notes': verify,
  '/introspected-notes': introspect,
};

createServer(async (request, response) => {
  response.setHeader('Access-Control-Allow-Origin', spa);
  response.setHeader('Access-Control-Allow-Headers', 'Authorization');
  response.setHeader('Access-Control-Expose-Headers', 'WWW-Authenticate');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'application/json');
  if (request.method === 'OPTIONS') return response.writeHead(204).end();

  const check = routes[new URL(request.url, 'http://localhost').pathname];
  if (!check) return response.writeHead(404).end('{}');
  try {
    const claims = await check(bearerToken(request));
    requireScope(claims, 'notes');
    response.end(JSON.stringify({ notes: ['Buy milk', 'Call Bob'], for: claims.sub, through: claims.client_id }));
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) console.error(refusal);
    else if (refusal.status !== 503) response.setHeader('WWW-Authenticate', refusal.challenge);
    response.writeHead(refusal.status ?? 500).end('{}');
  }
}).listen(port, 'localhost', () => console.log(`Api: http://localhost:${port}`));
