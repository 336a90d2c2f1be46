// Tags: what is typed and does not exist yet may be chosen too, as "new:name".
"use strict"
// At load: Django's own script, which would undo this, runs when the document is ready.
window.addEventListener("load", () => {
  const $ = window.django.jQuery
  for (const field of document.querySelectorAll("select[data-new-tags]")) {
    const { appLabel: app_label, modelName: model_name, fieldName: field_name } = field.dataset
    $(field).select2({
      ajax: { data: ({ term, page }) => ({ term, page, app_label, model_name, field_name }) },
      tags: true,
      tokenSeparators: [","],
      createTag: ({ term }) => {
        const name = term.trim()
        return name && { id: `new:${name}`, text: name }
      },
    })
  }
})
