// A click on the picture sets its focal point: the two fields below, which do without a mouse.
"use strict"
document.addEventListener("DOMContentLoaded", () => {
  const picture = document.querySelector(".field-thumbnail img.thumbnail")
  const fields = ["x", "y"].map((axis) => document.getElementById(`id_focal_${axis}`))
  if (!picture || fields.includes(null)) return
  const frame = document.createElement("span")
  const mark = document.createElement("span")
  frame.className = "focal-frame"
  mark.className = "focal-mark"
  picture.replaceWith(frame)
  frame.append(picture, mark)

  const show = () => {
    const [x, y] = fields.map((field) => Number(field.value.replace(",", ".")) * 100)
    mark.style.insetInlineStart = `${x}%`
    mark.style.insetBlockStart = `${y}%`
  }
  frame.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect()
    const shares = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
    fields.forEach((field, axis) => {
      field.value = Math.min(Math.max(shares[axis], 0), 1).toFixed(3)
    })
    show()
  })
  fields.forEach((field) => field.addEventListener("input", show))
  show()
})
