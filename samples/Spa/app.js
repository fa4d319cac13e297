import { UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { api, authority, clientId, scope } from './config.js';

const here = location.origin;
const users = new UserManager({
  authority,
  client_id: clientId,
  redirect_uri: `${here}/callback.html`,
  silent_redirect_uri: `${here}/silent.html`,
  post_logout_redirect_uri: `${here}/`,
  scope,
  // Gone with the tab. In localStorage tokens would lie around for every later visitor of this browser.
  userStore: new WebStorageStateStore({ store: sessionStorage }),
  loadUserInfo: true,
  automaticSilentRenew: true,
});

const element = id => document.getElementById(id);
const show = value => { element('output').textContent = typeof value === 'string' ? value : JSON.stringify(value, null, 2); };

function render(user) {
  const signedIn = user !== null && !user.expired;
  element('who').textContent = signedIn ? `Signed in as ${user.profile.name ?? user.profile.sub}.` : 'Signed out.';
  element('signed-in').hidden = !signedIn;
  element('signed-out').hidden = signedIn;
}

/** Does what a button is for; what goes wrong is shown, not lost in the console. */
function on(id, action) {
  element(id).addEventListener('click', async () => {
    show('…');
    try {
      show(await action());
    } catch (fault) {
      show(`${fault.name}: ${fault.message}`);
    }
  });
}

async function callApi() {
  const user = await users.getUser();
  const answer = await fetch(`${api}/notes`, { headers: { Authorization: `Bearer ${user.access_token}` } });
  return answer.ok ? answer.json() : `The API answered ${answer.status}: ${answer.headers.get('WWW-Authenticate')}`;
}

async function renew(how) {
  const before = await users.getUser();
  const after = await users.signinSilent(how);
  return { renewed: after.access_token !== before.access_token, expires_in: after.expires_in };
}

on('sign-in', () => users.signinRedirect());
on('call', callApi);
on('refresh', () => renew({}));
on('frame', () => renew({ forceIframeAuth: true }));
on('sign-out', () => users.signoutRedirect());
users.events.addUserLoaded(render);
users.events.addUserUnloaded(() => render(null));

try {
  if (location.pathname === '/callback.html') {
    const user = await users.signinRedirectCallback();
    // The code is used up; keep it out of the history.
    history.replaceState(null, '', '/');
    render(user);
    // What the ID token says of the person.
    show(user.profile);
  } else {
    render(await users.getUser());
  }
} catch (fault) {
  render(null);
  show(`${fault.name}: ${fault.message}`);
}
