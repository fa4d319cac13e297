// Comfort only: lists are searched without this as well, by the button.
(() => {
  'use strict';

  for (const form of document.querySelectorAll('form[data-live]')) {
    const results = document.getElementById(form.dataset.live);
    let wait;
    let asked;

    const search = async () => {
      asked?.abort();
      asked = new AbortController();
      const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
      const url = location.pathname + (query.size ? `?${query}` : '');
      try {
        const answer = await fetch(url, { signal: asked.signal, headers: { Accept: 'text/html' } });
        // Signed out meanwhile, or something else than the list: the browser goes there itself.
        if (!answer.ok || answer.redirected) return location.assign(url);
        const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(results.id);
        results.replaceChildren(...fresh.childNodes);
        history.replaceState(null, '', url);
      } catch (fault) {
        if (fault.name !== 'AbortError') throw fault;
      } finally {
        results.removeAttribute('aria-busy');
      }
    };

    form.addEventListener('input', () => {
      clearTimeout(wait);
      results.setAttribute('aria-busy', 'true');
      wait = setTimeout(search, 200);
    });
  }
})();
