// Uploading pictures: one request a file, each with its progress; what the library has already is
// proposed, and nothing typed is lost. Without this script the form sends all files at once.
"use strict"
{
  const element = (name, props = {}, ...children) => {
    const made = Object.assign(document.createElement(name), props)
    made.append(...children)
    return made
  }

  /** Send one file; resolve to {image}, {twins} or {error}. */
  const send = (file, { url, fields, onProgress }) =>
    new Promise((resolve) => {
      const data = new FormData()
      for (const [name, value] of fields) data.append(name, value)
      data.append("files", file, file.name || "image")
      const request = new XMLHttpRequest()
      request.open("POST", url)
      request.setRequestHeader("Accept", "application/json")
      request.setRequestHeader(
        "X-CSRFToken",
        document.querySelector("[name=csrfmiddlewaretoken]").value,
      )
      request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total))
      request.addEventListener("error", () => {
        resolve({ error: gettext("The server cannot be reached: try again.") })
      })
      request.addEventListener("load", () => {
        try {
          resolve(JSON.parse(request.responseText))
        } catch {
          const isTooLarge = request.status === 413
          resolve({
            error: isTooLarge
              ? gettext("This file is too heavy for the server.")
              : gettext("The server gave no answer: sign in again in another tab, then try again."),
          })
        }
      })
      request.send(data)
    })

  /** Ask which of two pictures is meant; resolve to a picture of the library, "both" or null. */
  const choose = (name, twins) =>
    new Promise((resolve) => {
      const dialog = element("dialog", { className: "twins" })
      const finish = (answer) => {
        resolve(answer)
        dialog.close()
        dialog.remove()
      }
      const button = (label, answer) =>
        element("button", { type: "button", onclick: () => finish(answer) }, label)
      dialog.append(
        element("p", {}, gettext("The library has this picture, or one that looks like it:")),
        element("p", { className: "help" }, name),
        ...twins.map((twin) =>
          element(
            "p",
            {},
            element("img", { src: twin.thumbnail, alt: "" }),
            element("span", {}, twin.title, element("br"), element("small", {}, twin.credit)),
            button(gettext("Use this one"), twin),
          ),
        ),
        element("p", {}, button(gettext("Keep both"), "both"), button(gettext("Cancel"), null)),
      )
      dialog.addEventListener("cancel", () => finish(null))
      document.body.append(dialog)
      dialog.showModal()
    })

  /**
   * Upload one file; resolve to {image}, {error}, or {} when it was given up.
   *
   * fields: [name, value] pairs that go with it. onProgress: called with a share of 1.
   */
  const upload = async (file, { url, fields = [["licence", "reserved"]], onProgress = () => {} }) => {
    const answer = await send(file, { url, fields, onProgress })
    if (!answer.twins) return answer
    const choice = await choose(file.name, answer.twins)
    if (choice === "both") {
      return send(file, { url, fields: [...fields, ["keep_both", "1"]], onProgress })
    }
    return choice ? { image: choice } : {}
  }

  const enhance = (form) => {
    const field = form.querySelector("input[type=file]")
    const list = form.querySelector(".uploads")
    const drop = form.querySelector(".drop")
    form.hidden = false

    const take = async (file) => {
      const bar = element("progress", { max: 1, value: 0 })
      const said = element("span", {})
      const row = element("li", {}, element("span", {}, file.name), bar, said)
      bar.setAttribute("aria-label", file.name)
      list.append(row)
      const fields = [...new FormData(form)].filter(([name]) => name !== "files")
      const onProgress = (share) => {
        bar.value = share
        if (share === 1) said.textContent = gettext("being prepared…")
      }
      const { image, error } = await upload(file, { url: form.dataset.upload, fields, onProgress })
      bar.remove()
      row.classList.toggle("refused", !image)
      said.textContent = error ?? (image ? "" : gettext("left out"))
      if (!image) return
      const link = element("a", { href: image.change, target: "_blank" }, image.title)
      row.prepend(element("img", { src: image.thumbnail, alt: "" }))
      said.append(gettext("In the library:"), " ", link)
      form.dispatchEvent(new CustomEvent("picture:stored", { detail: image, bubbles: true }))
    }
    const takeAll = async (files) => {
      for (const file of files) await take(file)
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      const files = [...field.files]
      field.value = ""
      takeAll(files)
    })
    field.addEventListener("change", () => form.requestSubmit())
    drop.addEventListener("dragover", (event) => {
      event.preventDefault()
      drop.classList.add("over")
    })
    drop.addEventListener("dragleave", () => drop.classList.remove("over"))
    drop.addEventListener("drop", (event) => {
      event.preventDefault()
      drop.classList.remove("over")
      takeAll([...event.dataTransfer.files])
    })
  }

  window.pictures = { upload }
  document.addEventListener("DOMContentLoaded", () => {
    for (const form of document.querySelectorAll("form[data-upload]")) enhance(form)
  })
}
