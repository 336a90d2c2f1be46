// The picture chooser: gives the chosen picture to the editor that opened this window.
// For a gallery it stays open, and gives one after another.
"use strict"
{
  const give = ({ id, address, alt, caption }) => {
    const { call, many } = document.querySelector("[data-call]").dataset
    if (many) {
      window.opener?.postMessage({ gallery: { id, address, alt } }, location.origin)
      return
    }
    const more = { id, alternative_text: alt, caption }
    window.opener?.CKEDITOR.tools.callFunction(Number(call), address, more)
    window.close()
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-picture]")
    if (!button) return
    button.classList.add("chosen")
    button.setAttribute("aria-pressed", "true")
    give({ ...button.dataset, id: button.dataset.picture })
  })
  document.addEventListener("picture:stored", ({ detail }) => give({ ...detail, id: String(detail.id) }))
}
