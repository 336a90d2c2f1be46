// Choices whose order matters: a list under the search field, each with buttons that move it and
// take it out. The field itself stays what is sent; without JavaScript it is a list to choose from.
"use strict"
document.addEventListener("DOMContentLoaded", () => {
  const $ = window.django.jQuery

  const buttons = [
    { sign: "↑", say: (name) => interpolate(gettext("Move up: %s"), [name]), act: up },
    { sign: "↓", say: (name) => interpolate(gettext("Move down: %s"), [name]), act: down },
    { sign: "×", say: (name) => interpolate(gettext("Take out: %s"), [name]), act: takeOut },
  ]

  function up(option) { option.previousElementSibling?.before(option) }
  function down(option) { option.nextElementSibling?.after(option) }
  function takeOut(option) { option.remove() }

  for (const select of document.querySelectorAll("select.in-order")) {
    const list = document.createElement("ol")
    list.className = "chosen-in-order"
    list.setAttribute("aria-label", select.labels[0]?.textContent.trim() ?? "")
    select.parentElement.append(list)
    let options = []

    const draw = () => {
      options = [...select.selectedOptions]
      list.replaceChildren(...options.map(row))
    }

    function row(option, place) {
      const item = document.createElement("li")
      const name = document.createElement("span")
      name.textContent = option.text
      item.append(name)
      for (const { sign, say, act } of options.length > 1 ? buttons : buttons.slice(-1)) {
        const button = document.createElement("button")
        button.type = "button"
        button.textContent = sign
        button.ariaLabel = button.title = say(option.text)
        button.ariaDisabled = (act === up && place === 0) || (act === down && place === options.length - 1)
        button.addEventListener("click", () => {
          act(option)
          select.dispatchEvent(new Event("change", { bubbles: true })) // select2 and the form hear it
          const at = Math.min(act === takeOut ? place : options.indexOf(option), options.length - 1)
          const twin = list.children[at]?.querySelectorAll("button")[buttons.findIndex((each) => each.act === act)]
          twin?.focus()
        })
        item.append(button)
      }
      return item
    }

    // What is chosen comes last, even if its option stands further up from an earlier choice.
    $(select).on("select2:select", ({ params }) => {
      select.append([...select.options].find((option) => option.value === String(params.data.id)))
      $(select).trigger("change")
    })
    // A second click on a result would take it out unseen: only the list's own button does.
    $(select).on("select2:unselecting", (event) => { event.preventDefault() })
    $(select).on("change", draw)
    draw()
  }
})
