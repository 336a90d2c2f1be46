// Notes between colleagues: on the passage selected in the text, and shown there.
"use strict"
document.addEventListener("DOMContentLoaded", () => {
  const LONGEST = 500 // characters of a passage, see articles/models/note.py
  const pick = document.getElementById("note-pick")
  if (!pick) return
  const passage = document.getElementById("id_passage")
  const shown = document.getElementById("note-passage")
  let selected = ""

  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection()
    const isInText = selection.anchorNode?.parentElement?.closest(".tiptap")
    if (!isInText) return // a click on our own button must not forget it
    selected = String(selection).replace(/\s+/g, " ").trim().slice(0, LONGEST)
    pick.hidden = !selected
  })

  pick.addEventListener("click", () => {
    passage.value = shown.textContent = selected
    shown.hidden = false
    document.getElementById("id_notes").focus()
  })

  /** Return the range of a passage in the text, or null where the words are gone. */
  const rangeOf = (words) => {
    const editor = document.querySelector(".tiptap")
    const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT)
    let text = ""
    const places = [] // of every character of `text`: [node, offset]
    while (walker.nextNode()) {
      const { data } = walker.currentNode
      for (let offset = 0; offset < data.length; offset++) {
        if (/\s/.test(data[offset]) && text.endsWith(" ")) continue
        text += /\s/.test(data[offset]) ? " " : data[offset]
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
    range.setEnd(node, offset + 1)
    return range
  }

  const passages = [...document.querySelectorAll(".notes-list li:not(.resolved) .passage")]
  for (const quote of passages) {
    quote.addEventListener("click", () => {
      const range = rangeOf(quote.textContent)
      if (range) range.startContainer.parentElement.scrollIntoView({ block: "center" })
    })
  }

  // Marked without touching the text, where the browser can.
  if (!CSS.highlights) return
  const mark = () => {
    const ranges = passages.map((quote) => rangeOf(quote.textContent)).filter(Boolean)
    CSS.highlights.set("note", new Highlight(...ranges))
  }
  document.addEventListener("prose-editor:ready", mark)
  document.getElementById("id_body").addEventListener("input", mark)
})
