// Uses samples/Spa in Chromium as a person does.
import { chromium } from 'playwright-core';
import { input } from './browser.mjs';

const { app, person } = await input();
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  const complaints = [];
  let grants = [];
  page.on('console', message => { if (message.type() === 'error') complaints.push(message.text()); });
  page.on('pageerror', fault => complaints.push(String(fault)));
  page.on('request', request => {
    if (request.method() === 'POST' && request.url().endsWith('/connect/token')) grants.push(new URLSearchParams(request.postData()).get('grant_type'));
  });

  const press = name => page.getByRole('button', { name, exact: true }).click();
  const status = async text => { await page.getByText(text).waitFor(); return page.locator('#who').textContent(); };
  const output = async name => {
    await press(name);
    await page.waitForFunction(() => !['', '…'].includes(document.getElementById('output').textContent));
    const text = await page.locator('#output').textContent();
    try { return JSON.parse(text); } catch { throw new Error(`${name}: ${text}`); }
  };
  const grantsOf = async action => { grants = []; return [await action(), grants]; };
  const toLogin = async () => { await press('Sign in'); await page.waitForURL('**/login?**'); };

  await page.goto(app);
  await toLogin();
  await page.getByLabel('User name or email address').fill(person.userName);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await press('Sign in');
  await press('Allow');
  const signedIn = await status('Signed in as');
  const notes = await output('Call the API');
  const [refreshed, refreshedBy] = await grantsOf(() => output('Renew with the refresh token'));
  const [framed, framedBy] = await grantsOf(() => output('Renew in a hidden frame'));
  const notesAfterwards = await output('Call the API');
  await press('Sign out');
  const signedOut = await status('Signed out.');
  await toLogin();

  console.log(JSON.stringify({ signedIn, notes, refreshed, refreshedBy, framed, framedBy, notesAfterwards, signedOut, signInAgain: new URL(page.url()).pathname, complaints }));
} finally {
  await browser.close();
}
