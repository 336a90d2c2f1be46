// Light and text size as a reader chose them: kept in this browser alone, set before the first
// paint, so this file is the one that the head waits for.
"use strict"
{
  const root = document.documentElement
  const kept = (name) => {
    try {
      return localStorage.getItem(name) ?? ""
    } catch {
      return "" // storage is switched off
    }
  }
  const set = (name, value) => {
    if (value) root.dataset[name] = value
    else delete root.dataset[name]
  }
  const names = ["theme", "text"]
  for (const name of names) if (kept(name)) set(name, kept(name))

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector(".reading-settings")
    if (!form) return
    form.hidden = false
    for (const name of names) {
      const chosen = form.elements[name]
      for (const radio of chosen) radio.checked = radio.value === kept(name)
      form.addEventListener("change", () => {
        set(name, chosen.value)
        try {
          if (chosen.value) localStorage.setItem(name, chosen.value)
          else localStorage.removeItem(name)
        } catch {
          // it holds for this page alone
        }
      })
    }
  })
}
