// Articles of the site, found by their title: as a link, or in a box to read next.
import { Extension } from "django-prose-editor/editor"

const PAUSE = 200 // milliseconds without a key before the server is asked

const make = (name, properties = {}, ...children) => {
  const element = document.createElement(name)
  Object.assign(element, properties)
  element.append(...children)
  return element
}

/**
 * Let an article be found by words of its title; return {title, address, date}, or null.
 *
 * url: answers ?q=words with {articles: [{title, address, date}]}, see ArticlePages.find_view.
 */
const findArticle = (url, heading) =>
  new Promise((resolve) => {
    const field = make("input", { type: "search", id: "article-finder", autocomplete: "off" })
    const list = make("ul", { className: "found" })
    const status = make("p", { className: "help" })
    status.setAttribute("role", "status")
    const close = make("button", { type: "button", textContent: gettext("Cancel") })
    const dialog = make(
      "dialog",
      { className: "finder" },
      make("h2", { textContent: heading }),
      make("label", { htmlFor: field.id, textContent: gettext("Words to look for") }),
      field,
      status,
      list,
      close,
    )
    let chosen = null
    let timer = 0
    const show = (articles) => {
      list.replaceChildren(
        ...articles.map((article) => {
          const button = make("button", { type: "button" }, article.title)
          button.append(make("small", { textContent: article.date }))
          button.addEventListener("click", () => {
            chosen = article
            dialog.close()
          })
          return make("li", {}, button)
        }),
      )
      status.textContent = articles.length ? "" : gettext("No article that readers can open has these words.")
    }
    const search = async () => {
      const words = field.value
      try {
        const answer = await fetch(`${url}?${new URLSearchParams({ q: words })}`)
        const { articles } = await answer.json()
        if (words === field.value) show(articles)
      } catch {
        status.textContent = gettext("The server cannot be reached.")
      }
    }
    field.addEventListener("input", () => {
      clearTimeout(timer)
      timer = setTimeout(search, PAUSE)
    })
    dialog.addEventListener("keydown", (event) => {
      const stops = [field, ...list.querySelectorAll("button")]
      const place = stops.indexOf(document.activeElement)
      if (event.key === "Enter" && place === 0) stops[1]?.click()
      else if (event.key === "ArrowDown") stops[place + 1]?.focus()
      else if (event.key === "ArrowUp") stops[place - 1]?.focus()
      else return
      event.preventDefault()
    })
    close.addEventListener("click", () => dialog.close())
    dialog.addEventListener("close", () => {
      dialog.remove()
      resolve(chosen)
    })
    document.body.append(dialog)
    dialog.showModal()
    search()
  })

const linked = ({ title, address }) => ({
  type: "text",
  text: title,
  marks: [{ type: "link", attrs: { href: address } }],
})

export const ArticleLink = Extension.create({
  name: "articleLink",
  addOptions: () => ({ findUrl: "" }),
  addCommands() {
    return {
      /** Link the selected words to an article, or write its title as a link. */
      linkArticle: () => ({ editor }) => {
        findArticle(this.options.findUrl, gettext("Link to an article")).then((article) => {
          if (!article) return editor.commands.focus()
          const chain = editor.chain().focus()
          if (editor.isActive("link")) chain.extendMarkRange("link")
          if (editor.state.selection.empty && !editor.isActive("link")) {
            return chain.insertContent(linked(article)).unsetMark("link").run()
          }
          return chain.setMark("link", { href: article.address }).run()
        })
        return true
      },
      /** Put an article into the box of further reading at the cursor, or into a new one. */
      seeAlso: () => ({ editor }) => {
        findArticle(this.options.findUrl, gettext("See also: which article?")).then((article) => {
          if (!article) return editor.commands.focus()
          const entry = { type: "paragraph", content: [linked(article)] }
          const { $to } = editor.state.selection
          const isOpen = editor.isActive("box", { kind: "see-also" })
          const place = $to.depth ? $to.after(isOpen ? 2 : 1) : editor.state.doc.content.size
          const box = { type: "box", attrs: { kind: "see-also" }, content: [entry] }
          return editor.chain().focus().insertContentAt(place, isOpen ? entry : box).run()
        })
        return true
      },
    }
  },
  addKeyboardShortcuts() {
    return { "Mod-Shift-l": () => this.editor.commands.linkArticle() }
  },
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "articleLink",
      groups: "link",
      button: buttons.material("find_in_page", gettext("Link to an article")),
      command: (editor) => editor.commands.linkArticle(),
      active: () => false,
      enabled: (editor) => editor.isEditable,
    })
    menu.defineItem({
      name: "seeAlso",
      groups: "nodes",
      button: buttons.material("read_more", gettext("See also")),
      command: (editor) => editor.commands.seeAlso(),
      active: (editor) => editor.isActive("box", { kind: "see-also" }),
      enabled: (editor) => editor.isEditable,
    })
  },
})
