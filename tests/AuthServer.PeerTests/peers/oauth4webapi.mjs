// panva's oauth4webapi, step by step: every answer of the server goes through its validation.
import * as oauth from 'oauth4webapi';
import { Browser, input } from './browser.mjs';

const { issuer, clientId, secret, redirectUri, afterLogout, audience, person } = await input();
const options = { [oauth.allowInsecureRequests]: true };
const client = { client_id: clientId };
const authentication = oauth.ClientSecretBasic(secret);
const browser = new Browser();

const server = await oauth.processDiscoveryResponse(new URL(issuer), await oauth.discoveryRequest(new URL(issuer), options));
const server8414 = await oauth.processDiscoveryResponse(new URL(issuer), await oauth.discoveryRequest(new URL(issuer), { ...options, algorithm: 'oauth2' }));

const verifier = oauth.generateRandomCodeVerifier();
const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
const request = {
  client_id: clientId, response_type: 'code', redirect_uri: redirectUri, scope: 'openid email notes', state, nonce,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
};
const pushed = await oauth.processPushedAuthorizationResponse(server, client, await oauth.pushedAuthorizationRequest(server, client, authentication, request, options));
const url = new URL(server.authorization_endpoint);
url.search = new URLSearchParams({ client_id: clientId, request_uri: pushed.request_uri });
const answer = await browser.signIn(url, person, redirectUri);
const parameters = oauth.validateAuthResponse(server, client, answer.url, state);

const redeem = () => oauth.authorizationCodeGrantRequest(server, client, authentication, parameters, redirectUri, verifier, options);
const response = await redeem();
const first = await oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce, requireIdToken: true });
await oauth.validateApplicationLevelSignature(server, response, options);
const claims = oauth.getValidatedIdTokenClaims(first);

// As an API would see it (RFC 9068).
const call = new Request(`${audience}/notes`, { headers: { Authorization: `Bearer ${first.access_token}` } });
const accessToken = await oauth.validateJwtAccessToken(server, call, audience, options);
const userInfo = await oauth.processUserInfoResponse(server, client, claims.sub, await oauth.userInfoRequest(server, client, first.access_token, options));

const refreshed = await oauth.refreshTokenGrantRequest(server, client, authentication, first.refresh_token, options);
const second = await oauth.processRefreshTokenResponse(server, client, refreshed);
await oauth.validateApplicationLevelSignature(server, refreshed, options);
const introspect = async token => oauth.processIntrospectionResponse(server, client, await oauth.introspectionRequest(server, client, authentication, token, options));
const introspected = await introspect(second.access_token);
await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, authentication, second.access_token, options));
const revoked = await introspect(second.access_token);
const introspectedRefresh = await introspect(second.refresh_token);
const again = await oauth.processAuthorizationCodeResponse(server, client, await redeem()).then(() => undefined, fault => fault.error);
const afterReuse = await introspect(second.refresh_token);

const end = new URL(server.end_session_endpoint);
end.search = new URLSearchParams({ id_token_hint: first.id_token, client_id: clientId, post_logout_redirect_uri: afterLogout });
const loggedOut = await browser.open(end, { stopAt: afterLogout });

console.log(JSON.stringify({
  sameMetadata: JSON.stringify(server) === JSON.stringify(server8414), claims, accessToken, userInfo, subjectAfterRefresh: oauth.getValidatedIdTokenClaims(second).sub,
  introspected, revoked, introspectedRefresh, again, afterReuse, loggedOut: loggedOut.url,
}));
