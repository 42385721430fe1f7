// Turns the plain list of the API's addresses into one that can be tried out. Everything comes from here.
window.addEventListener("DOMContentLoaded", () => {
  const reference = document.getElementById("reference");
  SwaggerUIBundle({
    url: reference.dataset.schema,
    domNode: reference,
    presets: [SwaggerUIBundle.presets.apis],
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    tryItOutEnabled: true,
    supportedSubmitMethods: ["get"],
    validatorUrl: null,
  });
});
