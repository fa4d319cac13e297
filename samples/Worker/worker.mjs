// A program without a user: gets a token for itself (RFC 6749 §4.4) and calls the API with it.
import * as oauth from 'oauth4webapi';

const issuer = new URL(process.env.ISSUER ?? 'http://localhost:8000');
const api = process.env.API ?? 'http://localhost:5175';
const client = { client_id: process.env.CLIENT_ID ?? 'demo-worker' };
const authentication = oauth.ClientSecretBasic(process.env.CLIENT_SECRET ?? 'demo-worker-secret');

// Plain http is for this machine only.
const options = { [oauth.allowInsecureRequests]: issuer.hostname === 'localhost' };

const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
const answer = await oauth.clientCredentialsGrantRequest(server, client, authentication, { scope: 'notes' }, options);
const token = await oauth.processClientCredentialsResponse(server, client, answer);

const notes = await oauth.protectedResourceRequest(token.access_token, 'GET', new URL(`${api}/notes`), undefined, undefined, options);
if (!notes.ok) throw new Error(`The API answered ${notes.status}.`);
console.log(JSON.stringify(await notes.json()));
