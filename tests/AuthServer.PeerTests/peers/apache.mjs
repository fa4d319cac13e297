// Opens the page that Apache protects, as a person does.
import { Browser, input } from './browser.mjs';

const { app, person } = await input();
const browser = new Browser();
const before = await browser.open(`${app}/protected/`);
const page = await browser.signIn(before, person);
const bye = await browser.open(`${app}/protected/redirect?logout=${encodeURIComponent(`${app}/bye.html`)}`);
const afterwards = await browser.open(`${app}/protected/`);

console.log(JSON.stringify({
  before: before.url.pathname, status: page.status, page: page.html, remoteUser: page.headers['x-remote-user'], name: page.headers['x-claim-name'], sub: page.headers['x-claim-sub'],
  bye: bye.html, afterwards: afterwards.url.pathname,
}));
