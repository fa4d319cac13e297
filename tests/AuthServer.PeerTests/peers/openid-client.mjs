// panva's openid-client through everything a confidential web client does.
import * as oidc from 'openid-client';
import { Browser, errorOf, input } from './browser.mjs';

const { issuer, clientId, secret, redirectUri, afterLogout, person } = await input();
const config = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.ClientSecretBasic(secret), { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] });
const browser = new Browser();

const verifier = oidc.randomPKCECodeVerifier();
const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
const request = {
  redirect_uri: redirectUri, scope: 'openid profile email offline_access', state, nonce,
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
};
const url = await oidc.buildAuthorizationUrlWithPAR(config, request);
const answer = await browser.signIn(url, person, redirectUri);
const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
const first = await oidc.authorizationCodeGrant(config, answer.url, checks);
const claims = first.claims();
const userInfo = await oidc.fetchUserInfo(config, first.access_token, claims.sub);

const second = await oidc.refreshTokenGrant(config, first.refresh_token);
const introspected = await oidc.tokenIntrospection(config, second.access_token);
await oidc.tokenRevocation(config, second.refresh_token);
const revoked = await oidc.tokenIntrospection(config, second.access_token);
const refreshedAfterRevocation = await errorOf(oidc.refreshTokenGrant(config, second.refresh_token));

const loggedOut = await browser.open(oidc.buildEndSessionUrl(config, { id_token_hint: first.id_token, post_logout_redirect_uri: afterLogout, state: 'bye' }), { stopAt: afterLogout });
const silent = await browser.open(oidc.buildAuthorizationUrl(config, { ...request, prompt: 'none' }), { stopAt: redirectUri });
const silentError = await errorOf(oidc.authorizationCodeGrant(config, silent.url, checks));

console.log(JSON.stringify({
  pushed: url.searchParams.get('request_uri'), parameters: [...url.searchParams.keys()], claims, userInfo, rotated: second.refresh_token !== first.refresh_token, introspected, revoked, refreshedAfterRevocation,
  loggedOut: loggedOut.url, silentError,
}));
