// Typing French: « » and ’ come by themselves, narrow no-break spaces can be seen and typed.
// Publishing sets all others (articles/publishing/typography.py).
import { Extension, InputRule, Plugin, pm } from "django-prose-editor/editor"

const NARROW = "\u202f"
const { Decoration, DecorationSet } = pm.view

/** Say whether the cursor stands in a passage of another language. */
const isForeign = ({ selection: { $from } }) => {
  if ($from.marks().some((mark) => mark.type.name === "foreign")) return true
  for (let depth = $from.depth; depth > 0; depth--) {
    const { lang } = $from.node(depth).attrs
    if (lang) return !lang.startsWith("fr")
  }
  return false
}

const rule = (find, replacement) =>
  new InputRule({
    find,
    handler: ({ state, range }) => {
      if (isForeign(state)) return null // it stays as it was typed
      state.tr.insertText(replacement, range.from, range.to)
      return undefined
    },
  })

const narrowSpaces = (doc) => {
  const found = []
  doc.descendants((node, position) => {
    for (const match of node.text?.matchAll(/\u202f/g) ?? []) {
      const from = position + match.index
      found.push(Decoration.inline(from, from + 1, { class: "prose-editor-nbsp" }))
    }
  })
  return DecorationSet.create(doc, found)
}

export const Typing = Extension.create({
  name: "typing",
  addInputRules: () => [
    rule(/(?<=^|[\s([\u202f\u00a0«’'—–/-])["“]$/, `«${NARROW}`),
    rule(/(?<=[^\s\d])["”]$/, `${NARROW}»`),
    rule(/(?<!<)<<$/, `«${NARROW}`),
    rule(/(?<=\S)>>$/, `${NARROW}»`),
    rule(/(?<=\p{L})'$/u, "’"),
    rule(/(?<!\.)\.\.\.$/, "…"),
  ],
  addKeyboardShortcuts() {
    return { "Mod-Shift-Space": () => this.editor.commands.insertContent("\u00a0") }
  },
  addProseMirrorPlugins: () => [
    new Plugin({
      state: {
        init: (_config, { doc }) => narrowSpaces(doc),
        apply: (tr, set) => (tr.docChanged ? narrowSpaces(tr.doc) : set),
      },
      props: {
        decorations(state) {
          return this.getState(state)
        },
      },
    }),
  ],
})
