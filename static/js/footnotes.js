// Footnotes: written where they are called, <small data-note>; the style sheet numbers them here,
// articles/publishing/footnotes.py for the readers.
import { Mark, mergeAttributes } from "django-prose-editor/editor"

export const Footnote = Mark.create({
  name: "footnote",
  priority: 1100, // outside links and emphasis, so that a note is one element
  addAttributes: () => ({ "data-note": { default: "", renderHTML: () => ({ "data-note": "" }) } }),
  parseHTML: () => [{ tag: "small[data-note]" }],
  renderHTML: ({ HTMLAttributes }) => ["small", mergeAttributes(HTMLAttributes), 0],
  addCommands() {
    return {
      /** Make the selection a note, begin one with words to type over, or leave the open one. */
      toggleFootnote: () => ({ chain, editor, state }) => {
        const { empty, from } = state.selection
        if (editor.isActive(this.name)) {
          return empty
            ? chain().unsetMark(this.name).run() // from here on, text goes on
            : chain().unsetMark(this.name, { extendEmptyMarkRange: true }).run()
        }
        if (!empty) return chain().setMark(this.name).run()
        const text = gettext("text of the note")
        return chain()
          .insertContent({ type: "text", text, marks: [{ type: this.name }] })
          .setTextSelection({ from, to: from + text.length })
          .run()
      },
    }
  },
  addKeyboardShortcuts() {
    return {
      "Mod-Shift-f": () => this.editor.commands.toggleFootnote(),
      /** Leave a note, or the source of a quotation, at its end: what is typed next is text again. */
      ArrowRight: () => {
        const { selection, storedMarks, schema } = this.editor.state
        const { $to, empty } = selection
        const name = [this.name, "cite"].find((each) => {
          const isIn = schema.marks[each].isInSet(storedMarks ?? $to.marks())
          return isIn && !($to.nodeAfter && schema.marks[each].isInSet($to.nodeAfter.marks))
        })
        return Boolean(empty && name) && this.editor.commands.unsetMark(name)
      },
    }
  },
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "footnote",
      groups: "marks",
      button: buttons.material("format_list_numbered_rtl", gettext("Footnote")),
      command: (editor) => editor.chain().focus().toggleFootnote().run(),
      active: (editor) => editor.isActive("footnote"),
      enabled: (editor) => editor.can().setMark("footnote"),
    })
  },
})
