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

  const buttons = (form) => form.querySelectorAll('button[type="submit"]');

  for (const form of document.forms) {
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
