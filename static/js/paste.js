// What is pasted from Word, Google Docs, LibreOffice, a web page or an e-mail: its structure
// stays, the wreckage goes. The server cleans again (articles/publishing/body.py).
import { Extension, Plugin } from "django-prose-editor/editor"

const STYLE = "data-pasted-style" // a style attribute would only be refused by our policy
const LIST = /mso-list:\s*l\d+\s+level(\d+)/i

const styleOf = (element) => (element.getAttribute(STYLE) || "").toLowerCase()

const unwrap = (element) => element.replaceWith(...element.childNodes)

const rename = (element, name) => {
  const renamed = element.ownerDocument.createElement(name)
  renamed.append(...element.childNodes)
  element.replaceWith(renamed)
  return renamed
}

/** Bold and italic that are written as styles; Google Docs wraps all in a <b> that is none. */
const readStyles = (root) => {
  for (const element of root.querySelectorAll("b, strong, i, em, span, font")) {
    const style = styleOf(element)
    const isBold = /(^|[;\s])font-weight:\s*(bold|[6-9]00)/.test(style)
    const isPlain = /(^|[;\s])font-weight:\s*(normal|400)/.test(style)
    const isItalic = /(^|[;\s])font-style:\s*italic/.test(style)
    if (/^(B|STRONG)$/.test(element.tagName)) {
      if (isPlain) unwrap(element)
    } else if (/^(SPAN|FONT)$/.test(element.tagName)) {
      let inner = element
      if (isItalic) inner = rename(inner, "em")
      if (isBold) {
        const strong = root.ownerDocument.createElement("strong")
        inner.replaceWith(strong)
        strong.append(inner)
      }
      if (inner === element && !element.lang) unwrap(element)
    }
  }
}

/** Word's lists are paragraphs with a marker typed before them: make them lists again. */
const readWordLists = (root) => {
  let stack = [] // the open lists, outermost first
  for (const paragraph of [...root.querySelectorAll("p, li")]) {
    const level = paragraph.tagName === "P" && LIST.exec(styleOf(paragraph))
    const isNext = stack.length && paragraph.previousElementSibling === stack[0]
    if (!level) {
      stack = []
      continue
    }
    if (!isNext) stack = []
    const ignored = [...paragraph.querySelectorAll("span")].filter((span) =>
      /mso-list:\s*ignore/i.test(styleOf(span)),
    )
    const marker = ignored.map((span) => span.textContent).join("").trim()
    for (const span of ignored) span.remove()
    const depth = Math.min(Number(level[1]), stack.length + 1)
    stack.length = Math.min(stack.length, depth)
    if (stack.length < depth) {
      const list = root.ownerDocument.createElement(/^[\da-z]{1,4}[.)]/i.test(marker) ? "ol" : "ul")
      if (depth === 1) paragraph.before(list)
      else stack[depth - 2].lastElementChild.append(list)
      stack.push(list)
    }
    stack[depth - 1].append(rename(paragraph, "li"))
  }
}

/** Footnotes of Word, Google Docs and LibreOffice: the note goes to where it is called. */
const readFootnotes = (root) => {
  for (const call of root.querySelectorAll("a[href^='#']")) {
    const name = call.getAttribute("href").slice(1)
    if (!/^(_ftn|ftnt|sdfootnote)\d/.test(name)) continue // not _ftnref1: that one leads back
    const anchors = [...root.querySelectorAll("a")].filter((each) => [each.name, each.id].includes(name))
    const holder = anchors[0]?.parentElement
    const text = holder?.closest("[id^=ftn], [id^=sdfootnote]") ?? holder?.closest("p, li")
    if (!text || text.contains(call)) continue
    const others = [...text.querySelectorAll("a[href^='#']")].filter((each) => each !== anchors[0])
    const words = text.textContent.replace(/\s+/g, " ").trim().replace(/^\[?\d+\]?\s*/, "")
    if (others.length || !words) continue // two notes in one paragraph stay as they are
    const note = root.ownerDocument.createElement("small")
    note.dataset.note = ""
    note.textContent = words
    const raised = call.parentElement
    const isAlone = raised.tagName === "SUP" && raised.textContent.trim() === call.textContent.trim()
    const place = isAlone ? raised : call
    place.replaceWith(note)
    text.remove()
  }
  const rule = [...root.querySelectorAll("hr")].at(-1) // it parted the notes from the text
  if (!rule || !root.querySelector("small[data-note]")) return
  const rest = root.ownerDocument.createRange()
  rest.setStartAfter(rule)
  rest.setEnd(root, root.childNodes.length)
  if (!rest.toString().trim()) rule.remove()
}

/** Anchors without a destination, footnote marks, bookmarks: their words stay. */
const dropAnchors = (root) => {
  for (const link of root.querySelectorAll("a")) {
    const address = link.getAttribute("href") || ""
    if (!/^(https?:|mailto:|tel:|\/)/i.test(address)) unwrap(link)
  }
}

/** Take from a tag what the browser would act on or complain of while it is read. */
const disarm = (tag) =>
  tag
    .replace(/\sstyle\s*=/gi, ` ${STYLE}=`)
    .replace(/\son\w+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "")
    .replace(/\ssrc\s*=\s*(["'])(?!\/)/gi, " data-foreign=$1")

/**
 * Return pasted HTML with its structure and without the rest.
 *
 * onPicture: called once when pictures had to be left out.
 */
export const cleanPasted = (html, onPicture = () => {}) => {
  const inert = html
    .replace(/<!--[\s\S]*?-->|<!\[[^>]*\]>|<\?xml[\s\S]*?>/g, "")
    .replace(/<(style|script|head|title|xml)\b[\s\S]*?<\/\1>/gi, "")
    .replace(/<\w[^>]*>/g, disarm)
  const root = new DOMParser().parseFromString(inert, "text/html").body
  readWordLists(root)
  readFootnotes(root)
  // Word guesses the language of every run, and often wrongly; French is the text's own.
  const guessed = html.includes("mso-") ? "span[lang]" : "span[lang^=fr i]"
  for (const span of root.querySelectorAll(guessed)) span.removeAttribute("lang")
  readStyles(root)
  dropAnchors(root)
  for (const element of root.querySelectorAll("*")) {
    if (element.tagName.includes(":")) unwrap(element) // o:p, st1:place, v:shape, w:sdt
  }
  for (const title of root.querySelectorAll("h1, p.MsoTitle")) rename(title, "h2")
  for (const heading of root.querySelectorAll("h4, h5, h6")) rename(heading, "h3")
  const foreign = root.querySelectorAll("img:not([data-file])")
  for (const image of foreign) image.remove()
  if (foreign.length) onPicture()
  const texts = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    // Publishing sets the no-break spaces that French wants; those of others are chance.
    texts.currentNode.data = texts.currentNode.data.replace(/[\u00a0\u202f]/g, " ")
  }
  for (const paragraph of root.querySelectorAll("p, h2, h3, span")) {
    if (!paragraph.textContent.trim() && !paragraph.querySelector("img, br")) paragraph.remove()
  }
  for (const element of root.querySelectorAll("*")) {
    element.removeAttribute(STYLE)
    element.removeAttribute("class")
  }
  return root.innerHTML
}

/** The picture files of something pasted or dropped; none where text came with them. */
const picturesOf = (data) => {
  const html = data?.getData("text/html") ?? "" // not parsed: the browser would act on its styles
  const words = html.replace(/<(style|script|title)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->|<[^>]*>/gi, "")
  const isText = words.trim() || data?.getData("text/plain").trim()
  return isText ? [] : [...(data?.files ?? [])].filter(({ type }) => type.startsWith("image/"))
}

export const Paste = Extension.create({
  name: "cleanPaste", // "paste" is one of the editor's own
  addOptions: () => ({ uploadUrl: "" }),
  addCommands() {
    return {
      /** Put a picture of the library where the text was when it was dropped, or after the block. */
      insertPicture: ({ id, address, alt, caption }, place) => ({ chain, state }) => {
        const content = [{ type: "image", attrs: { src: address, alt, file: String(id) } }]
        if (caption) content.push({ type: "caption", content: [{ type: "text", text: caption }] })
        const at = Math.min(place, state.doc.content.size)
        return chain().insertContentAt(at, { type: "figure", content }).run()
      },
    }
  },
  addProseMirrorPlugins() {
    const { editor } = this
    const { element } = editor.options
    const { uploadUrl } = this.options
    const tell = (text) => {
      const field = element.closest(".form-row") ?? element.parentElement
      field.querySelector(".pasted")?.remove()
      const note = document.createElement("p")
      note.className = "pasted"
      note.setAttribute("role", "status")
      note.textContent = text
      field.prepend(note)
    }
    const leftOut = () =>
      tell(gettext("The pictures of the pasted text were left out: add them by the library."))
    const insertAll = async (files, place) => {
      const follow = ({ transaction }) => (place = transaction.mapping.map(place)) // one goes on typing
      editor.on("transaction", follow)
      for (const file of files) {
        const onProgress = (share) =>
          tell(interpolate(gettext("%s: %s %% sent"), [file.name, Math.round(share * 100)]))
        const { image, error } = await window.pictures.upload(file, { url: uploadUrl, onProgress })
        if (image) editor.commands.insertPicture(image, place)
        tell(error ?? (image ? gettext("The picture is in the library: say what it shows.") : ""))
      }
      editor.off("transaction", follow)
    }
    // Pasted within the editor itself, nothing needs mending.
    const isOurs = (html) => html.includes("data-pm-slice")
    return [
      new Plugin({
        props: {
          transformPastedHTML: (html) => (isOurs(html) ? html : cleanPasted(html, leftOut)),
          handlePaste: (view, { clipboardData }) => {
            const files = picturesOf(clipboardData)
            const { $to } = view.state.selection
            insertAll(files, $to.depth ? $to.after(1) : $to.pos)
            return files.length > 0
          },
          handleDrop: (view, event, _slice, isMoved) => {
            const files = isMoved ? [] : picturesOf(event.dataTransfer)
            const found = view.posAtCoords({ left: event.clientX, top: event.clientY })
            const $place = view.state.doc.resolve(found?.pos ?? view.state.doc.content.size)
            insertAll(files, $place.depth ? $place.after(1) : $place.pos)
            if (files.length) event.preventDefault()
            return files.length > 0
          },
        },
      }),
    ]
  },
})
