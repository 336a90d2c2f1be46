// Sharing by the system's own sheet, the address alone, on paper. Each button shows itself only
// where it works; the plain links below them do without.
"use strict"
for (const bar of document.querySelectorAll(".share")) {
  const { address: url, title } = bar.dataset
  const status = bar.querySelector("[role=status]")
  const offer = (name, isThere, action) => {
    const button = bar.querySelector(`[data-${name}]`)
    button.hidden = !isThere
    button.addEventListener("click", action)
  }
  offer("share", "share" in navigator, () => {
    navigator.share({ title, url }).catch(() => {}) // closed without a choice
  })
  offer("copy", "clipboard" in navigator, async ({ target }) => {
    await navigator.clipboard.writeText(url)
    status.textContent = target.dataset.done
  })
  offer("print", true, () => window.print())
}
