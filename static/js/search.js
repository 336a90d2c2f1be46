// Titles while one types. The field works without: this only fills its list of proposals.
"use strict"
{
  const field = document.querySelector("[data-suggestions]")
  const list = document.getElementById(field.getAttribute("list"))
  let timer
  let asked = 0
  field.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(async () => {
      const number = ++asked
      const words = field.value.trim()
      if (words.length < 3) return list.replaceChildren()
      const answer = await fetch(`${field.dataset.suggestions}?q=${encodeURIComponent(words)}`)
      if (!answer.ok || number !== asked) return // a later question overtook this one
      const { articles } = await answer.json()
      list.replaceChildren(...articles.map(({ title }) => new Option(title, title)))
    }, 200)
  })
}
