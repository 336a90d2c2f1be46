// Notes between colleagues: on the passage selected in the text, and shown there. They are sent
// without leaving the page, where text may be typed that is not saved yet.
"use strict"
document.addEventListener("DOMContentLoaded", () => {
  const LONGEST = 500 // characters of a passage, see articles/models/note.py
  const form = document.getElementById("note-form")
  if (!form) return
  const section = document.getElementById("notes")
  const find = (id) => document.getElementById(id)
  let selected = ""

  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection()
    const isInText = selection.anchorNode?.parentElement?.closest(".tiptap")
    if (!isInText) return // a click on our own button must not forget it
    selected = String(selection).replace(/\s+/g, " ").trim().slice(0, LONGEST)
    find("note-pick").hidden = !selected
  })

  section.addEventListener("click", ({ target }) => {
    if (target.id === "note-pick") {
      find("id_passage").value = find("note-passage").textContent = selected
      find("note-passage").hidden = false
      find("id_notes").focus()
    } else if (target.matches(".notes-list .passage")) {
      const range = rangeOf(target.textContent)
      if (range) range.startContainer.parentElement.scrollIntoView({ block: "center" })
    }
  })

  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    const address = event.submitter?.getAttribute("formaction") || form.action
    const headers = { Accept: "application/json" }
    const body = new FormData(form)
    const answer = await fetch(address, { method: "POST", body, headers }).catch(() => null)
    if (!answer?.headers.get("Content-Type")?.includes("json")) {
      form.action = address // offline, or signed out: the browser's own way says which
      form.submit()
      return
    }
    const { notes, said } = await answer.json()
    const panel = find("notes-panel")
    panel.innerHTML = notes
    const status = document.createElement("p")
    status.setAttribute("role", "status")
    status.textContent = said.join(" ")
    panel.append(status)
    mark()
  })

  /** Return the range of a passage in the text, or null where the words are gone. */
  const rangeOf = (words) => {
    const editor = document.querySelector(".tiptap")
    if (!editor) return null
    const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT)
    let text = ""
    const places = [] // of every character of `text`: [node, offset]
    while (walker.nextNode()) {
      const { data } = walker.currentNode
      for (let offset = 0; offset < data.length; offset++) {
        const isSpace = /\s/.test(data[offset])
        if (isSpace && text.endsWith(" ")) continue
        text += isSpace ? " " : data[offset]
        places.push([walker.currentNode, offset])
      }
      if (!text.endsWith(" ") && walker.currentNode.parentElement.matches("p, h2, h3, li")) {
        text += " "
        places.push([walker.currentNode, data.length])
      }
    }
    const start = text.indexOf(words)
    if (start < 0) return null
    const range = document.createRange()
    range.setStart(...places[start])
    const [node, offset] = places[start + words.length - 1]
    range.setEnd(node, Math.min(offset + 1, node.length))
    return range
  }

  /** Mark the passages of open notes, without touching the text, where the browser can. */
  const mark = () => {
    if (!CSS.highlights) return
    const passages = [...section.querySelectorAll(".notes-list li:not(.resolved) .passage")]
    const ranges = passages.map((quote) => rangeOf(quote.textContent)).filter(Boolean)
    CSS.highlights.set("note", new Highlight(...ranges))
  }
  document.addEventListener("prose-editor:ready", mark)
  find("id_body").addEventListener("input", mark)
})
