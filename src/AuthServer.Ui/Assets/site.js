// Comfort only: every page works without this file.
(() => {
  'use strict';

  for (const button of document.querySelectorAll('[data-show-password]')) {
    const input = document.getElementById(button.dataset.showPassword);
    if (!input) continue;
    button.hidden = false;
    button.addEventListener('click', () => {
      const show = input.type === 'password';
      input.type = show ? 'text' : 'password';
      button.textContent = show ? button.dataset.hideText : button.dataset.showText;
      button.setAttribute('aria-label', show ? button.dataset.hideLabel : button.dataset.showLabel);
      input.focus();
    });
    // Left readable, a password could be kept by the browser as ordinary form history.
    input.form?.addEventListener('submit', () => { input.type = 'password'; });
  }

  // Length is what counts; whether it is a word of a list, only the server knows.
  for (const hint of document.querySelectorAll('[data-strength]')) {
    const input = document.getElementById(hint.dataset.strength);
    const least = Number(hint.dataset.least);
    input?.addEventListener('input', () => {
      const length = [...input.value].length;
      const level = length < least ? 1 : length < least + 6 || new Set(input.value).size < 8 ? 2 : 3;
      hint.hidden = length === 0;
      hint.querySelector('span').dataset.level = level;
      hint.querySelector('p').textContent = [hint.dataset.weak, hint.dataset.fair, hint.dataset.strong][level - 1];
    });
  }

  // The server does not know where the reader is: with script, times are told by the reader's own clock.
  const moment = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'long', timeStyle: 'short' });
  for (const time of document.querySelectorAll('time[title]')) time.title = moment.format(new Date(time.dateTime));

  // On a phone the menu is a row that scrolls; show where the reader is in it.
  const here = document.querySelector('.side [aria-current]');
  const row = here?.closest('ul');
  if (row && row.scrollWidth > row.clientWidth) row.scrollLeft += here.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - here.offsetWidth) / 2;

  // Passkeys (Web Authentication Level 3 §5.1). A form asks with data-options and answers with its field "credential"; the server judges.
  const passkeys = isSecureContext && window.PublicKeyCredential?.parseCreationOptionsFromJSON && PublicKeyCredential.parseRequestOptionsFromJSON;
  for (const element of document.querySelectorAll('[data-passkey-only]')) element.hidden = !passkeys;
  for (const element of document.querySelectorAll('[data-passkey-none]')) element.hidden = !!passkeys;

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const { options, passkey, cancelled, known, failed } = form.dataset;
    const answer = form.elements.credential;
    form.hidden = !passkeys || !options;
    if (form.hidden) continue;
    for (const button of form.querySelectorAll('button[hidden]')) button.hidden = false;

    const say = (text) => {
      form.querySelector('[role="alert"]')?.remove();
      if (!text) return;
      const alert = document.createElement('div');
      alert.className = 'alert alert-danger';
      alert.setAttribute('role', 'alert');
      alert.append(document.createElement('p'));
      form.prepend(alert);
      alert.firstChild.textContent = text;
    };
    const ask = async (more) => {
      const question = JSON.parse(options);
      const credential = passkey === 'create'
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question), ...more });
      answer.value = JSON.stringify(credential);
      form.submit();
    };

    // In the browser's list of names, without a dialog. Only one question can be open: the button takes it over.
    let waiting;
    const offer = async () => {
      if (!('autofill' in form.dataset) || !await PublicKeyCredential.isConditionalMediationAvailable?.()) return;
      waiting = new AbortController();
      await ask({ mediation: 'conditional', signal: waiting.signal });
    };
    offer().catch(() => {});

    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      waiting?.abort();
      say('');
      const own = [...form.querySelectorAll('button')];
      for (const button of own) button.disabled = true;
      try {
        await ask();
      } catch (error) {
        say(error.name === 'NotAllowedError' ? cancelled : error.name === 'InvalidStateError' ? known ?? failed : failed);
        for (const button of own) button.disabled = false;
        offer().catch(() => {});
      }
    });
    addEventListener('pageshow', () => { answer.value = ''; });
  }

  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => print());
  }

  for (const button of document.querySelectorAll('[data-copy]')) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener('click', async () => {
      const lines = [...document.getElementById(button.dataset.copy).querySelectorAll('code')].map((code) => code.textContent);
      await navigator.clipboard.writeText(lines.join('\n'));
      button.textContent = button.dataset.copied;
    });
  }

  const buttons = (form) => form.querySelectorAll('button[type="submit"]');

  for (const form of document.forms) {
    // Answered by a file, such a page stays as it is.
    if ('stays' in form.dataset) continue;
    form.addEventListener('submit', (event) => {
      if (event.defaultPrevented) return;
      // After the browser has read the form: a disabled button's own value would not be sent.
      setTimeout(() => { for (const button of buttons(form)) button.disabled = true; });
    });
  }

  // The back button can bring the page back as it was left.
  addEventListener('pageshow', () => {
    for (const form of document.forms) for (const button of buttons(form)) button.disabled = false;
  });
})();
