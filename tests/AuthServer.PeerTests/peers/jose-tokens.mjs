// Verifies tokens with panva's jose against the published keys, with everything a careful receiver asks for.
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { input } from './browser.mjs';

const { jwksUri, tokens } = await input();
const keys = createRemoteJWKSet(new URL(jwksUri));
const verified = {};
for (const [name, { token, ...expectations }] of Object.entries(tokens)) {
  const { payload, protectedHeader } = await jwtVerify(token, keys, expectations);
  verified[name] = { payload, header: protectedHeader };
  // The same token with one bit turned must not pass: what passed was the signature, not our call.
  const [header, body, signature] = token.split('.');
  const turned = Buffer.from(signature, 'base64url');
  turned[0] ^= 1;
  verified[name].forged = await jwtVerify([header, body, turned.toString('base64url')].join('.'), keys, expectations).then(() => 'passes', fault => fault.code);
  verified[name].header = decodeProtectedHeader(token);
}

console.log(JSON.stringify(verified));
