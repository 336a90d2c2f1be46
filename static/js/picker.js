// The picture chooser: gives the chosen picture to the editor that opened this window.
// For a gallery it stays open, and gives one after another.
"use strict"
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-picture]")
  if (!button) return
  const { call, many } = document.querySelector("[data-call]").dataset
  const { picture, address, alt, caption } = button.dataset
  if (many) {
    window.opener?.postMessage({ gallery: { id: picture, address, alt } }, location.origin)
    button.classList.add("chosen")
    button.setAttribute("aria-pressed", "true")
    return
  }
  window.opener?.CKEDITOR.tools.callFunction(Number(call), address, {
    id: picture,
    alternative_text: alt,
    caption,
  })
  window.close()
})
