// The picture chooser: gives the chosen picture to the editor that opened this window.
"use strict"
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-picture]")
  if (!button) return
  const { call } = document.querySelector("[data-call]").dataset
  const { picture, address, alt, caption } = button.dataset
  window.opener?.CKEDITOR.tools.callFunction(Number(call), address, {
    id: picture,
    alternative_text: alt,
    caption,
  })
  window.close()
})
