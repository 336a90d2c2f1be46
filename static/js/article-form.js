// The article form: how long the texts are.
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

  const start = () => {
    const form = document.getElementById("article_form")
    if (!form) return
    for (const [id, advised] of Object.entries(ADVISED)) {
      const field = document.getElementById(id)
      if (field) count(field, advised)
    }
    document.getElementById("id_title")?.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault() // a title is one line
    })
  }
  document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", start) : start()
}
