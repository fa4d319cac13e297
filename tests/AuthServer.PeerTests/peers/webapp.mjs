// Uses samples/WebApp as a person does.
import { Browser, input } from './browser.mjs';

const { app, person } = await input();
const browser = new Browser();
const text = page => page.html.replace(/<[^>]*>/g, ' ').replace(/&#34;/g, '"');

const home = await browser.open(app);
const signedIn = await browser.signIn(await browser.submit(home, {}, { action: '/sign-in' }), person);
const notes = await browser.open(`${app}/notes`);
const signedOut = await browser.submit(signedIn, {}, { action: '/sign-out' });
const again = await browser.submit(signedOut, {}, { action: '/sign-in' });

console.log(JSON.stringify({ signedIn: text(signedIn), notes: text(notes), signedOut: text(signedOut), signInAgain: again.url.pathname }));
