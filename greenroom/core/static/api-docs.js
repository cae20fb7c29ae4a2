// The API's description, drawn by Swagger UI. Requests tried here carry the CSRF token of the signed-in member.
window.SwaggerUIBundle({
  url: document.body.dataset.schema,
  dom_id: "#swagger-ui",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  requestInterceptor(request) {
    request.headers["X-CSRFToken"] = document.body.dataset.csrf;
    return request;
  },
});
