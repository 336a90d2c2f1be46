// Tags: what is typed and does not exist yet may be chosen too, as "new:name".
"use strict"
document.addEventListener("DOMContentLoaded", () => {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
  for (const field of document.querySelectorAll("select.new-tags")) {
    const { appLabel: app_label, modelName: model_name, fieldName: field_name } = field.dataset
    window.django.jQuery(field).select2({
      ajax: { data: ({ term, page }) => ({ term, page, app_label, model_name, field_name }) },
      templateResult: ({ text, uses, id }) => {
        if (String(id).startsWith("new:")) return interpolate(gettext("%s (new)"), [text])
        if (uses === undefined) return text
        return interpolate(ngettext("%s · %s article", "%s · %s articles", uses), [text, uses])
      },
      tags: true,
      tokenSeparators: [","],
      // What is there comes first: a few letters and Enter must not make a tag of them.
      insertTag: (found, tag) => {
        if (!found.some(({ text }) => fold(text) === fold(tag.text))) found.push(tag)
      },
      createTag: ({ term }) => {
        const name = term.trim()
        return name && { id: `new:${name}`, text: name }
      },
    })
  }
})
