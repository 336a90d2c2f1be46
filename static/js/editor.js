// What the editor knows besides its own: the source of a quotation, a passage in another
// language, a place for an embed. Loaded by django-prose-editor (see DJANGO_PROSE_EDITOR_EXTENSIONS).
// An extension that throws would save yesterday's text: tests/browser types, saves and reads back.
import { Mark, Node, Extension, mergeAttributes, pm, updateAttrsDialog } from "django-prose-editor/editor"

const LABELS = {
  bold: gettext("Bold"),
  italic: gettext("Italic"),
  superscript: gettext("Superscript"),
  subscript: gettext("Subscript"),
  paragraph: gettext("Paragraph"),
  "heading 2": gettext("Heading"),
  "heading 3": gettext("Subheading"),
  "unordered list": gettext("Bulleted list"),
  "ordered list": gettext("Numbered list"),
  blockquote: gettext("Quotation"),
  "horizontal rule": gettext("Rule"),
  figure: gettext("Picture"),
  "insert link": gettext("Link"),
  "remove link": gettext("Remove the link"),
  undo: gettext("Undo"),
  redo: gettext("Redo"),
  "Insert table": gettext("Table"),
  "Add column": gettext("Add a column"),
  "Delete column": gettext("Delete the column"),
  "Add row": gettext("Add a row"),
  "Delete row": gettext("Delete the row"),
  "Delete table": gettext("Delete the table"),
  "Merge cells": gettext("Merge the cells"),
  "Split cell": gettext("Split the cell"),
  "Toggle header cell": gettext("Header cell or not"),
  "Table Properties": gettext("Table"),
  "Toggle fullscreen": gettext("Full screen"),
}

// Ctrl on most machines; the editor itself listens for Cmd on Apple's.
const SHORTCUTS = {
  bold: "Ctrl+B",
  italic: "Ctrl+I",
  superscript: "Ctrl+.",
  subscript: "Ctrl+,",
  "insert link": "Ctrl+K",
  undo: "Ctrl+Z",
  redo: "Ctrl+Shift+Z",
  blockquote: "Ctrl+Shift+B",
  "ordered list": "Ctrl+Shift+7",
  "unordered list": "Ctrl+Shift+8",
  [gettext("Footnote")]: "Ctrl+Shift+F",
  [gettext("Link to an article")]: "Ctrl+Shift+L",
}

const BLOCKS = {
  heading2: gettext("Heading"),
  heading3: gettext("Subheading"),
  paragraph: gettext("Paragraph"),
}

const speakTheDesksLanguage = (editor) => {
  for (const option of editor.querySelectorAll(".prose-menubar__option")) {
    const name = BLOCKS[option.dataset.name]
    if (name) option.firstElementChild.textContent = name
  }
  for (const button of editor.querySelectorAll(".prose-menubar [aria-label]")) {
    const name = button.getAttribute("aria-label")
    const label = LABELS[name] ?? name
    button.title = SHORTCUTS[name] ? `${label} (${SHORTCUTS[name]})` : label
    button.setAttribute("aria-label", label)
  }
}

document.addEventListener("prose-editor:ready", ({ target }) => {
  const editor = target.closest(".prose-editor")
  const label = document.querySelector(`label[for="${target.id}"]`)
  const name = label?.textContent.replace(/\s*:\s*$/, "") || gettext("Text")
  editor.querySelector(".tiptap")?.setAttribute("aria-label", name)
  // A picture comes by the library: an address typed by hand would be dropped on saving.
  new MutationObserver(() => {
    for (const field of editor.querySelectorAll("input[name=imageUrl]")) field.readOnly = true
  }).observe(editor, { childList: true, subtree: true })
  // The editor is ready before its menu is drawn.
  const observer = new MutationObserver(() => {
    if (!editor.querySelector(".prose-menubar [aria-label]")) return
    observer.disconnect()
    speakTheDesksLanguage(editor)
  })
  observer.observe(editor, { childList: true, subtree: true })
})

/** The source of a quotation: <cite>. */
export const Cite = Mark.create({
  name: "cite",
  parseHTML: () => [{ tag: "cite" }],
  renderHTML: ({ HTMLAttributes }) => ["cite", mergeAttributes(HTMLAttributes), 0],
  addCommands() {
    return { toggleCite: () => ({ commands }) => commands.toggleMark(this.name) }
  },
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "cite",
      groups: "marks",
      button: buttons.material("person", gettext("Source of a quotation")),
      command: (editor) => editor.chain().focus().toggleCite().run(),
      active: (editor) => editor.isActive("cite"),
      enabled: (editor) => editor.can().toggleMark("cite"),
    })
  },
})

const LANGUAGES = {
  [gettext("English")]: "en",
  [gettext("German")]: "de",
  [gettext("Italian")]: "it",
  [gettext("Spanish")]: "es",
  [gettext("Dutch")]: "nl",
  [gettext("Portuguese")]: "pt",
  [gettext("Russian")]: "ru",
  [gettext("Latin")]: "la",
}

const languageDialog = updateAttrsDialog(
  { language: { type: "string", title: gettext("Language"), enum: Object.keys(LANGUAGES) } },
  { title: gettext("Passage in another language"), submitText: gettext("Mark") },
)

/** A passage in another language: <span lang="en">. Typography leaves it alone. */
const Foreign = Mark.create({
  name: "foreign",
  inclusive: false, // what is typed after the passage is French again
  addAttributes: () => ({ lang: { default: "en" } }),
  parseHTML: () => [{ tag: "span[lang]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", mergeAttributes(HTMLAttributes), 0],
})

/** Keeps `lang` on paragraphs and quotations, and brings the mark and its button. */
export const Language = Extension.create({
  name: "language",
  addExtensions: () => [Foreign],
  addGlobalAttributes: () => [
    {
      types: ["paragraph", "blockquote"],
      attributes: {
        lang: {
          default: null,
          parseHTML: (element) => element.getAttribute("lang"),
          renderHTML: ({ lang }) => (lang ? { lang } : {}),
        },
      },
    },
  ],
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "foreign",
      groups: "marks",
      button: buttons.material("translate", gettext("Passage in another language")),
      command: async (editor) => {
        if (editor.isActive("foreign")) return editor.chain().focus().unsetMark("foreign").run()
        const answer = await languageDialog(editor, {})
        if (!answer) return false
        const lang = LANGUAGES[answer.language]
        return editor.chain().focus().setMark("foreign", { lang }).run()
      },
      active: (editor) => editor.isActive("foreign"),
      enabled: (editor) => editor.can().toggleMark("foreign"),
    })
  },
})

/** Put the cursor behind a block that is selected whole: what is typed next must not replace it. */
const goOn = ({ tr }) => {
  const { to, node } = tr.selection
  if (!node) return true
  if (to === tr.doc.content.size) tr.insert(to, tr.doc.type.schema.nodes.paragraph.create())
  tr.setSelection(pm.state.TextSelection.near(tr.doc.resolve(to)))
  return true
}

const embedDialog = updateAttrsDialog(
  {
    address: {
      type: "string",
      title: gettext("Address, beginning with https://"),
      description: gettext("YouTube, Vimeo, Dailymotion, X, Mastodon, Bluesky, a PDF…"),
      format: "url",
      required: true,
    },
    title: { type: "string", title: gettext("Title that readers see") },
  },
  { title: gettext("Video or message from elsewhere"), submitText: gettext("Insert") },
)

/** The place of an embed: <div data-embed="https://…">. Readers get a card that loads nothing. */
export const Embed = Node.create({
  name: "embed",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => ({
    address: {
      default: "",
      parseHTML: (element) => element.getAttribute("data-embed"),
      renderHTML: ({ address }) => ({ "data-embed": address }),
    },
    title: {
      default: "",
      parseHTML: (element) => element.getAttribute("data-title") ?? "",
      renderHTML: ({ title }) => (title ? { "data-title": title } : {}),
    },
  }),
  parseHTML: () => [{ tag: "div[data-embed]" }],
  renderHTML: ({ HTMLAttributes }) => ["div", mergeAttributes(HTMLAttributes)],
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "embed",
      groups: "nodes",
      button: buttons.material("smart_display", gettext("Video or message from elsewhere")),
      command: async (editor) => {
        const isThere = editor.isActive("embed")
        const attrs = await embedDialog(editor, isThere ? editor.getAttributes("embed") : {})
        if (!attrs) return
        const address = attrs.address.trim().replace(/^http:/i, "https:")
        if (!address.startsWith("https://")) {
          window.alert(gettext("Only an address that begins with https:// can be shown."))
          return
        }
        const { title } = attrs
        const chain = editor.chain().focus()
        if (isThere) chain.updateAttributes("embed", { address, title }).run()
        else chain.insertContent({ type: this.name, attrs: { address, title } }).command(goOn).run()
      },
      active: (editor) => editor.isActive("embed"),
      enabled: (editor) => editor.isEditable,
    })
  },
})
