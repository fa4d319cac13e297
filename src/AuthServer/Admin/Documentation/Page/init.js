"use strict";
// Starts Swagger UI with what the page says; no script stands in the page itself, because the policy allows none there.
window.addEventListener("load", () => {
  const root = document.getElementById("swagger-ui");
  const base = new URL(root.dataset.root, location.origin);
  window.ui = SwaggerUIBundle({
    domNode: root,
    url: new URL(root.dataset.document, base).href,
    oauth2RedirectUrl: new URL("docs/oauth2-redirect.html", base).href,
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    validatorUrl: null,
    persistAuthorization: false,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
  });
  window.ui.initOAuth({ clientId: root.dataset.client || "", usePkceWithAuthorizationCodeGrant: true });
});
