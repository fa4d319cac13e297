// Serves the app's few files. Nothing here knows a secret: a single-page app has none.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';

const port = Number(process.env.PORT ?? 5173);
const authority = process.env.ISSUER ?? 'http://localhost:8000';
const api = process.env.API ?? 'http://localhost:5175';
const clientId = process.env.CLIENT_ID ?? 'demo-spa';
const scope = process.env.SCOPE ?? 'openid profile email notes';

const files = {
  '/': ['index.html', 'text/html'],
  '/callback.html': ['index.html', 'text/html'],
  '/silent.html': ['silent.html', 'text/html'],
  '/app.js': ['app.js', 'text/javascript'],
  '/silent.js': ['silent.js', 'text/javascript'],
  '/app.css': ['app.css', 'text/css'],
  '/vendor/oidc-client-ts.js': ['node_modules/oidc-client-ts/dist/esm/oidc-client-ts.js', 'text/javascript'],
  '/vendor/jwt-decode.js': ['node_modules/jwt-decode/build/esm/index.js', 'text/javascript'],
};

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  response.setHeader('Cache-Control', 'no-cache');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (pathname === '/config.js') {
    response.setHeader('Content-Type', 'text/javascript');
    return response.end(Object.entries({ authority, api, clientId, scope }).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`).join(''));
  }

  const file = files[pathname];
  if (!file) return response.writeHead(404).end();
  response.setHeader('Content-Type', file[1] + '; charset=utf-8');
  response.end(await readFile(new URL(file[0], import.meta.url)));
}).listen(port, 'localhost', () => console.log(`Spa: http://localhost:${port}`));
