// The open article form keeps what is typed: on the server every few seconds, and in this
// browser until the server has said that it has it. See articles/desk/autosave.py.
"use strict"
document.addEventListener("DOMContentLoaded", () => {
  const CHECK = 2000 // milliseconds between looks at the form
  const REPORT = 10000 // milliseconds between reports that the form is open
  const PREFIX = "avion-unsaved:"
  const LARGEST_FAREWELL = 60000 // bytes that a browser sends for a page that is closing

  const form = document.getElementById("article_form")
  const status = document.getElementById("autosave")
  if (!form || !status) return
  const colleagues = document.getElementById("colleagues")
  const dialog = document.getElementById("sign-in")
  const { url, login, article, user } = status.dataset
  const key = form.elements.buffer_key.value

  let touched = false // nothing counts as typed before a hand was on the form
  let kept = "" // the form as the server has it
  let reported = 0
  let leaving = false
  let dismissed = false // the sign-in dialog was closed: it opens again on saving alone
  const shownPanels = {} // id: its HTML, so that what is open or focused in it stays

  const fields = () => {
    const entries = [...new FormData(form)].filter(
      ([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken",
    )
    return new URLSearchParams(entries).toString()
  }

  const isChanged = () => touched && fields() !== kept

  for (const event of ["keydown", "beforeinput", "pointerdown", "paste", "drop"]) {
    form.addEventListener(event, () => {
      if (touched) return
      kept = fields()
      touched = true
    }, { capture: true })
  }

  // Talking to the server

  const renewToken = (token) => {
    for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = token
  }

  /** Send a form to be kept; returns the answer, or null where the server could not be reached. */
  const send = async (data, keepalive = false) => {
    const post = () => fetch(url, {
      method: "POST",
      body: data,
      keepalive: keepalive && data.toString().length < LARGEST_FAREWELL,
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    })
    try {
      let answer = await post()
      if (answer.status === 403) { // signed in again in another tab: the token is a new one
        const fresh = await fetch(url)
        if (!fresh.ok) return fresh
        renewToken((await fresh.json()).csrf)
        answer = await post()
      }
      return answer
    } catch {
      return null
    }
  }

  const say = (text, isWarning = false) => {
    status.textContent = text
    status.classList.toggle("warning", isWarning)
  }

  const remember = (data) => {
    try {
      localStorage.setItem(PREFIX + key, JSON.stringify({ user, article, data }))
    } catch { // full, or closed to us: the server has it in a moment
      console.warn("This browser keeps no text.")
    }
  }

  // One conversation at a time: a late answer must not undo what a later one said.
  let running = Promise.resolve()
  const keep = (options) => {
    running = running.then(() => keepNow(options), () => keepNow(options))
    return running
  }

  /** Keep the form if it changed, or report that it is open; says whether the server answered. */
  const keepNow = async ({ keepalive = false, force = false } = {}) => {
    const now = fields()
    const changed = touched && now !== kept
    if (!changed && !force && Date.now() - reported < REPORT) return true
    const data = new URLSearchParams(changed ? now : "")
    data.set("buffer_key", key)
    data.set("article", article)
    data.set("user", user)
    data.set("seen_version", form.elements.seen_version.value)
    if (changed) {
      data.set("kept", "1")
      remember(data.toString())
    }
    reported = Date.now()
    const answer = await send(data, keepalive)
    if (answer?.status === 401) {
      say(gettext("The session is over. Your text is kept in this browser."), true)
      if (!dialog.open && !keepalive && (force || !dismissed)) dialog.showModal()
      return false
    }
    if (answer && !answer.ok && answer.status < 500) {
      say(gettext("The server refuses: the article is gone, or no longer yours to edit. Copy your text."), true)
      return false
    }
    if (!answer?.ok) {
      say(gettext("The server cannot be reached. Your text is kept in this browser."), true)
      return false
    }
    const { csrf, said, others, newer, panels } = await answer.json()
    renewToken(csrf)
    if (dialog.open) dialog.close()
    if (changed) {
      kept = now
      localStorage.removeItem(PREFIX + key)
      document.dispatchEvent(new CustomEvent("avion:kept"))
    }
    for (const [id, html] of Object.entries(panels)) {
      if (html !== shownPanels[id]) document.getElementById(id).innerHTML = shownPanels[id] = html
    }
    if (said) say(said)
    else if (status.classList.contains("warning")) say("")
    colleagues.textContent = [newer, others].filter(Boolean).join(" · ")
    return true
  }

  /** Hand over what this browser kept when the server was away, and show it. */
  const deliver = async () => {
    for (const name of Object.keys(localStorage).filter((each) => each.startsWith(PREFIX))) {
      const entry = JSON.parse(localStorage.getItem(name))
      if (name === PREFIX + key || entry.user !== user) continue
      const answer = await send(new URLSearchParams(entry.data))
      if (!answer?.ok) continue
      localStorage.removeItem(name)
      if (entry.article === article && !touched) location.reload()
    }
  }

  // A line of the checks leads to its field; the text's own is the editor.
  document.getElementById("checks").addEventListener("click", (event) => {
    const field = event.target.closest("a")?.hash.slice(1)
    if (!field) return
    event.preventDefault()
    const target = document.getElementById(field)
    const shown = target.closest(".form-row")
    shown.scrollIntoView({ block: "center" })
    const place = shown.querySelector(".tiptap, .select2-selection, .select2-search__field")
    ;(place ?? target).focus()
  })

  // When

  let waiting = false
  setInterval(async () => {
    if (waiting || leaving) return
    waiting = true
    await keep().finally(() => { waiting = false })
  }, CHECK)
  dialog.addEventListener("cancel", () => { dismissed = true })
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && !leaving && isChanged()) keep({ keepalive: true })
  })
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && isChanged()) {
      keep({ keepalive: true })
      if (status.classList.contains("warning")) event.preventDefault()
    }
  })

  let saving = false
  let sent = false
  // Saving: only once the server is there and knows who we are; until then the form stays.
  form.addEventListener("submit", async (event) => {
    if (leaving) {
      if (sent) event.preventDefault() // a second click
      sent = true
      return
    }
    event.preventDefault()
    if (saving) return
    saving = true
    const button = event.submitter
    const isReached = await keep({ force: true }).finally(() => { saving = false })
    if (!isReached) return
    leaving = true
    sent = false
    form.requestSubmit(button)
    setTimeout(() => { leaving = false }, CHECK) // the page is still here: try again may be pressed
  })

  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault()
    const page = await (await fetch(login)).text()
    const answer = await fetch(login, {
      method: "POST",
      body: new URLSearchParams({
        csrfmiddlewaretoken: page.match(/name="csrfmiddlewaretoken" value="(\w+)"/)?.[1] ?? "",
        login: document.getElementById("sign-in-email").value,
        password: document.getElementById("sign-in-password").value,
      }),
    })
    const where = new URL(answer.url).pathname
    const isIn = answer.redirected && !where.startsWith(status.dataset.door)
    document.getElementById("sign-in-more").hidden = !(answer.redirected && !isIn)
    document.getElementById("sign-in-error").hidden = answer.redirected
    if (!isIn) return
    document.getElementById("sign-in-password").value = ""
    dialog.close()
    await keep({ force: true })
  })

  deliver()
})
