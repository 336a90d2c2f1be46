// A gallery's pictures at full size: a dialog that arrow keys turn over and Escape closes.
// Without this script each picture is a link to its largest file.
"use strict"
{
  const dialog = document.querySelector("dialog.lightbox")
  const image = document.createElement("img")
  const caption = dialog.querySelector("figcaption")
  const status = dialog.querySelector("[role=status]")
  let links = []
  dialog.querySelector("figure").prepend(image)
  let place = 0

  const show = (to) => {
    place = (to + links.length) % links.length
    const link = links[place]
    const { width, height } = link.dataset
    Object.assign(image, { src: link.href, width, height })
    image.alt = link.querySelector("picture img, img:not(.placeholder)").alt
    const words = link.closest("figure").querySelector("figcaption").cloneNode(true)
    caption.replaceChildren(...words.childNodes)
    status.textContent = `${place + 1} / ${links.length}`
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".gallery a.large")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    links = [...link.closest(".gallery").querySelectorAll("a.large")]
    show(links.indexOf(link))
    dialog.showModal()
  })
  dialog.addEventListener("click", ({ target }) => {
    if (target.dataset.step) show(place + Number(target.dataset.step))
    else if (target === dialog || "close" in target.dataset) dialog.close()
  })
  dialog.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowLeft") show(place - 1)
    if (key === "ArrowRight") show(place + 1)
  })
  dialog.addEventListener("close", () => links[place].focus())
}
