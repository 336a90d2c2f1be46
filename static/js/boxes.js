// Boxes and galleries of the text: <aside data-box="…">, <div data-gallery>.
// Loaded by django-prose-editor; what a body may hold stands in articles/publishing/vocabulary.py.
import { Node, Plugin, mergeAttributes, pm } from "django-prose-editor/editor"

const paragraph = (text) => ({ type: "paragraph", content: text ? [{ type: "text", text }] : [] })
const cell = (type, text = "") => ({ type, content: [paragraph(text)] })

const SPECS = [
  gettext("Manufacturer"),
  gettext("Role"),
  gettext("First flight"),
  gettext("Crew"),
  gettext("Length"),
  gettext("Wingspan"),
  gettext("Maximum take-off weight"),
  gettext("Engines"),
  gettext("Maximum speed"),
  gettext("Range"),
]

/** kind: (icon of the button, its label, what a new box holds) */
const BOXES = {
  pullquote: ["format_size", gettext("Pull quote"), () => [paragraph()]],
  factbox: [
    "view_agenda",
    gettext("Factbox"),
    () => [
      {
        type: "heading",
        attrs: { level: 3 },
        content: [{ type: "text", text: gettext("Key points") }],
      },
      paragraph(),
    ],
  ],
  specs: [
    "list_alt",
    gettext("Specifications of an aircraft"),
    () => [
      {
        type: "heading",
        attrs: { level: 3 },
        content: [{ type: "text", text: gettext("Specifications") }],
      },
      {
        type: "table",
        content: SPECS.map((name) => ({
          type: "tableRow",
          content: [cell("tableHeader", name), cell("tableCell")],
        })),
      },
    ],
  ],
}

/** The place after the block of the outermost level in which the cursor stands. */
const afterBlock = ({ selection, doc }) =>
  selection.$to.depth ? selection.$to.after(1) : Math.min(selection.to, doc.content.size)

/** Put the cursor behind the block that was put here, so that typing goes on and replaces nothing. */
const standAfter = (place) => ({ tr }) => {
  const after = place + tr.doc.nodeAt(place).nodeSize
  if (after === tr.doc.content.size) tr.insert(after, tr.doc.type.schema.nodes.paragraph.create())
  tr.setSelection(pm.state.TextSelection.near(tr.doc.resolve(after)))
  return true
}

/** The end of the gallery at the cursor, or of the one that ends in this picture; 0 of none. */
const openGallery = ({ selection, doc }, last) => {
  const { $from } = selection
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type.name === "gallery") return $from.end(depth)
  }
  let end = 0
  doc.forEach((node, place) => {
    const file = node.type.name === "gallery" && node.lastChild.firstChild?.attrs.file
    if (last && file === last) end = place + node.nodeSize - 1
  })
  return end
}

const kindAt = (editor) => editor.isActive("box") && editor.getAttributes("box").kind

/** A box: pull quote, factbox, specifications, further reading. */
export const Box = Node.create({
  name: "box",
  group: "block",
  content: "block+",
  defining: true,
  addAttributes: () => ({
    kind: {
      default: "factbox",
      parseHTML: (element) => element.getAttribute("data-box"),
      renderHTML: ({ kind }) => ({ "data-box": kind }),
    },
  }),
  parseHTML: () => [{ tag: "aside[data-box]" }],
  renderHTML: ({ HTMLAttributes }) => ["aside", mergeAttributes(HTMLAttributes), 0],
  addNodeView: () => ({ node }) => {
    const dom = document.createElement("aside")
    dom.dataset.box = node.attrs.kind
    const name = document.createElement("span")
    name.className = "box-name"
    name.contentEditable = "false"
    name.textContent = BOXES[node.attrs.kind]?.[1] ?? gettext("See also")
    const contentDOM = document.createElement("div")
    dom.append(name, contentDOM)
    return { dom, contentDOM }
  },
  addCommands() {
    return {
      /** Open a box of a kind: around the paragraphs selected, or new; close one that is open. */
      toggleBox: (kind) => ({ chain, editor, state }) => {
        if (kindAt(editor) === kind) return chain().lift(this.name).run()
        if (editor.isActive(this.name)) return chain().updateAttributes(this.name, { kind }).run()
        const { $from } = state.selection
        if (kind === "pullquote" && $from.depth === 1 && $from.parent.textContent) {
          return chain().wrapIn(this.name, { kind }).run()
        }
        const place = afterBlock(state)
        return chain()
          .insertContentAt(place, { type: this.name, attrs: { kind }, content: BOXES[kind][2]() })
          .setTextSelection(place + 2)
          .run()
      },
    }
  },
  addMenuItems({ menu, buttons }) {
    for (const [kind, [icon, label]] of Object.entries(BOXES)) {
      menu.defineItem({
        name: kind,
        groups: "nodes",
        button: buttons.material(icon, label),
        command: (editor) => editor.chain().focus().toggleBox(kind).run(),
        active: (editor) => kindAt(editor) === kind,
        enabled: (editor) => editor.isEditable,
      })
    }
  },
})

/** Pictures side by side. The chooser stays open and sends one after another. */
export const Gallery = Node.create({
  name: "gallery",
  group: "block",
  content: "figure+",
  addOptions: () => ({ pickerUrl: "" }),
  addStorage: () => ({ last: null }), // the id of the picture that the chooser gave last
  parseHTML: () => [{ tag: "div[data-gallery]" }],
  renderHTML: () => ["div", { "data-gallery": "" }, 0],
  addCommands() {
    return {
      /** Add a picture of the library to the open gallery, or begin one with it. */
      addToGallery: ({ id, address, alt }) => ({ chain, state }) => {
        const figure = {
          type: "figure",
          content: [{ type: "image", attrs: { src: address, alt, file: id } }],
        }
        const end = openGallery(state, this.storage.last)
        this.storage.last = id
        if (end) return chain().insertContentAt(end, figure, { updateSelection: false }).run()
        const place = afterBlock(state)
        const gallery = { type: this.name, content: [figure] }
        return chain().insertContentAt(place, gallery).command(standAfter(place)).run()
      },
    }
  },
  onCreate() {
    const { editor } = this
    window.addEventListener("message", ({ origin, data }) => {
      if (origin === location.origin && data?.gallery) editor.commands.addToGallery(data.gallery)
    })
  },
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "gallery",
      groups: "nodes",
      button: buttons.material("collections", gettext("Gallery")),
      command: () => {
        this.storage.last = null
        window.open(`${this.options.pickerUrl}?many=1`, "_blank", "width=800,height=600")
      },
      active: (editor) => editor.isActive("gallery"),
      enabled: (editor) => editor.isEditable,
    })
  },
  addProseMirrorPlugins: () => [
    new Plugin({
      // A figure put where the cursor was must not stay in a cell: the table would burst.
      appendTransaction: (transactions, _old, { doc, tr, schema }) => {
        if (!transactions.some((each) => each.docChanged)) return null
        const kinds = new Set(["figure", "gallery", "embed", "box"])
        const strays = []
        doc.descendants((node, position) => {
          const isStray = kinds.has(node.type.name) && inTable(doc.resolve(position))
          if (isStray) strays.push({ node, position })
          return !isStray
        })
        for (const { node, position } of strays.reverse()) {
          tr.insert(tr.mapping.map(tableEnd(doc.resolve(position)), -1), node)
          tr.replaceWith(position, position + node.nodeSize, schema.nodes.paragraph.create())
        }
        return strays.length ? tr : null
      },
    }),
  ],
})

const tableDepth = ($position) => {
  for (let depth = 1; depth <= $position.depth; depth++) {
    if ($position.node(depth).type.name === "table") return depth
  }
  return 0
}
const inTable = ($position) => tableDepth($position) > 0
const tableEnd = ($position) => $position.after(tableDepth($position))
