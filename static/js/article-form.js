// The article form: how long the texts are, and how long they take to read.
"use strict"
{
  const ADVISED = { id_title: 110, id_standfirst: 300, id_seo_title: 60, id_seo_description: 160 }

  const count = (field, advised) => {
    const output = document.createElement("output")
    output.className = "counter"
    output.htmlFor = field.id
    field.after(output)
    const show = () => {
      const length = field.value.trim().length
      output.textContent = interpolate(gettext("%s of %s characters"), [length, advised])
      output.classList.toggle("over", length > advised)
    }
    field.addEventListener("input", show)
    show()
  }

  // Words as articles/search/words.py counts them, minutes as PublishedArticle.reading_minutes does.
  const WORD = /[\p{L}\p{N}]+/gu
  const WORDS_A_MINUTE = 200

  const measure = (field) => {
    const output = document.createElement("output")
    output.className = "counter"
    output.htmlFor = field.id
    field.closest(".form-row").append(output)
    const show = () => {
      const body = new DOMParser().parseFromString(field.value.replaceAll("<", " <"), "text/html").body
      const text = body.textContent.replace(/\s+/g, " ").trim()
      const words = text.match(WORD)?.length ?? 0
      const minutes = Math.max(1, Math.ceil(words / WORDS_A_MINUTE))
      output.textContent = [
        interpolate(ngettext("%s word", "%s words", words), [words]),
        interpolate(ngettext("%s character", "%s characters", text.length), [text.length]),
        interpolate(gettext("%s min read"), [minutes]),
      ].join(" · ")
    }
    field.addEventListener("input", show)
    show()
  }

  const start = () => {
    const form = document.getElementById("article_form")
    if (!form) return
    for (const [id, advised] of Object.entries(ADVISED)) {
      const field = document.getElementById(id)
      if (field) count(field, advised)
    }
    const body = document.getElementById("id_body")
    if (body) measure(body)
    document.getElementById("id_title")?.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault() // a title is one line
    })
  }
  document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", start) : start()
}
