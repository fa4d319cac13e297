// A person signs in at our server by another provider, twice, and ends on the account page.
import { Browser, input } from './browser.mjs';

const { issuer, provider, kind, person } = await input();

async function signIn() {
  const browser = new Browser();
  const login = await browser.open(new URL('/login', issuer));
  const leaving = await browser.submit(login, {}, { action: `/login/upstream/${provider}` });
  const away = /<a class="btn btn-primary" rel="noreferrer" href="([^"]*)"/.exec(leaving.html)[1].replaceAll('&amp;', '&');
  // A journey has cookies of its own there: two servers on one host must not see each other's.
  const there = new Browser();
  const callback = `${issuer}/login/upstream/${provider}/callback`;
  let page = await there.open(new URL(away), { stopAt: callback });
  if (kind === 'oidc-provider') {
    page = await there.submit(page, { login: person.userName, password: 'anything' }, { stopAt: callback });
    if (!page.stopped) page = await there.submit(page, {}, { stopAt: callback });
  } else {
    page = await there.signIn(page, person, callback);
  }

  const back = await browser.open(page.url);
  return { at: back.url.pathname, parameters: [...page.url.searchParams.keys()], html: back.html };
}

const first = await signIn();
const second = await signIn();
console.log(JSON.stringify({ first: first.at, second: second.at, parameters: first.parameters, welcomed: second.html.includes(person.userName) }));
