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

  const buttons = (form) => form.querySelectorAll('button[type="submit"]');

  for (const form of document.forms) {
    // Answered by a file, such a page stays as it is.
    if ('stays' in form.dataset) continue;
    form.addEventListener('submit', () => {
      // After the browser has read the form: a disabled button's own value would not be sent.
      setTimeout(() => { for (const button of buttons(form)) button.disabled = true; });
    });
  }

  // The back button can bring the page back as it was left.
  addEventListener('pageshow', () => {
    for (const form of document.forms) for (const button of buttons(form)) button.disabled = false;
  });
})();
