// The order of the sections: rows are dragged, or moved by the arrow keys on their handle, and
// the numbers follow. Without JavaScript the numbers are typed.
"use strict"
document.addEventListener("DOMContentLoaded", () => {
  const STEP = 10 // between two numbers, so that one fits in between by hand
  const body = document.querySelector("#result_list tbody")
  if (!body?.querySelector("input[name$=-position]")) return
  if (/[?&][qo]=/.test(location.search)) return // found or sorted otherwise: not the whole order
  let dragged = null

  const number = () => {
    body.querySelectorAll("input[name$=-position]").forEach((field, place) => {
      field.value = (place + 1) * STEP
    })
  }

  for (const row of body.rows) {
    const handle = document.createElement("button")
    handle.type = "button"
    handle.className = "handle"
    handle.textContent = "↕"
    handle.title = gettext("Drag, or move with the arrow keys; then save")
    const name = row.querySelector(".field-name").textContent.trim()
    handle.setAttribute("aria-label", `${name} – ${handle.title}`)
    row.querySelector("input[name$=-position]").before(handle)
    handle.addEventListener("pointerdown", () => { row.draggable = true })
    handle.addEventListener("keydown", (event) => {
      if (event.key === "ArrowUp") row.previousElementSibling?.before(row)
      else if (event.key === "ArrowDown") row.nextElementSibling?.after(row)
      else return
      event.preventDefault()
      number()
      handle.focus()
    })
    row.addEventListener("dragstart", (event) => {
      dragged = row
      event.dataTransfer.effectAllowed = "move"
      event.dataTransfer.setData("text/plain", "") // without it Firefox drags nothing
    })
    row.addEventListener("dragover", (event) => {
      if (!dragged) return
      event.preventDefault()
      const { top, height } = row.getBoundingClientRect()
      if (event.clientY < top + height / 2) row.before(dragged)
      else row.after(dragged)
    })
    row.addEventListener("drop", (event) => event.preventDefault()) // Firefox would go to a page
    row.addEventListener("dragend", () => {
      row.draggable = false
      dragged = null
      number()
    })
  }
})
