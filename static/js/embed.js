// Players of others: opened in the page where a reader asks for it, and never before.
"use strict"
document.addEventListener("click", (event) => {
  const card = event.target.closest("a[data-player]")
  if (!card || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  const frame = document.createElement("iframe")
  frame.src = card.dataset.player
  frame.title = card.querySelector(".embed-title").textContent
  frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture"
  frame.referrerPolicy = "strict-origin-when-cross-origin"
  card.replaceWith(frame)
  frame.focus()
})
