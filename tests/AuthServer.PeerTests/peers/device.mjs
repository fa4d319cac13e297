// Runs samples/Device and does what it says, as its person: one time yes, one time no.
import { spawn } from 'node:child_process';
import { Browser, input } from './browser.mjs';

const { device, environment, person, decision } = await input();
const running = spawn('node', ['device.mjs'], { cwd: device, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] });
const ended = new Promise(resolve => running.on('close', resolve));
let said = '';
const link = await new Promise((resolve, reject) => {
  running.stdout.setEncoding('utf8').on('data', text => {
    said += text;
    const found = /or open (\S+)\n/.exec(said);
    if (found) resolve(found[1]);
  });
  ended.then(() => reject(new Error(said)));
});

const browser = new Browser();
const text = page => page.html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const asked = await browser.signIn(await browser.submit(await browser.open(link), {}), person);
const done = await browser.submit(asked, { decision });
const status = await ended;

console.log(JSON.stringify({ code: /user_code=(\S+)/.exec(link)[1], asked: text(asked), done: text(done), said, status }));
