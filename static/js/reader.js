// What scripts add to readers' pages, in one small file that the head waits for, because light and
// text size are set before the first paint. Every page is whole without it.
"use strict"

// Light and text size as a reader chose them: kept in this browser alone.
{
  const root = document.documentElement
  const kept = (name) => {
    try {
      return localStorage.getItem(name) ?? ""
    } catch {
      return "" // storage is switched off
    }
  }
  const set = (name, value) => {
    if (value) root.dataset[name] = value
    else delete root.dataset[name]
  }
  const names = ["theme", "text"]
  for (const name of names) if (kept(name)) set(name, kept(name))

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector(".reading-settings")
    if (!form) return
    form.hidden = false
    for (const name of names) {
      const chosen = form.elements[name]
      for (const radio of chosen) radio.checked = radio.value === kept(name)
      form.addEventListener("change", () => {
        set(name, chosen.value)
        try {
          if (chosen.value) localStorage.setItem(name, chosen.value)
          else localStorage.removeItem(name)
        } catch {
          // it holds for this page alone
        }
      })
    }
  })
}

// The picture of a list becomes the picture of its article, and back (View Transitions).
{
  const name = (address) => {
    const path = new URL(address).pathname
    if (document.querySelector(".hero")) return // an article's own picture has the name
    const link = document.querySelector(`a.picture[href="${CSS.escape(path)}"]`)
    const picture = link?.querySelector("img:last-of-type")
    if (picture) picture.style.viewTransitionName = "hero"
  }
  addEventListener("pageswap", (event) => {
    if (event.viewTransition && event.activation?.entry?.url) name(event.activation.entry.url)
  })
  addEventListener("pagereveal", (event) => {
    const from = globalThis.navigation?.activation?.from?.url
    if (event.viewTransition && from) name(from)
  })
}

// The menu shows the current section, however many stand before it.
document.addEventListener("DOMContentLoaded", () => {
  const current = document.querySelector(".menu [aria-current]")
  if (current) current.closest(".menu").scrollLeft = current.offsetLeft - 24
})

// Sharing by the system's own sheet, copying the link, printing: buttons where they can work.
document.addEventListener("DOMContentLoaded", () => {
  const share = document.querySelector(".share")
  if (!share) return
  const { address, title } = share.dataset
  const button = (name) => share.querySelector(`[data-${name}]`)
  const offer = (name, act) => {
    button(name).hidden = false
    button(name).addEventListener("click", act)
  }
  if (navigator.share) {
    offer("share", () => navigator.share({ title, url: address }).catch(() => {})) // given up
  }
  if (navigator.clipboard) {
    offer("copy", async () => {
      await navigator.clipboard.writeText(address)
      share.querySelector("[role=status]").textContent = button("copy").dataset.done
    })
  }
  offer("print", () => print())
})

// One more opening of the article, and one more reading to its end: see /mesure-audience/. No
// cookie, no identifier; a browser that asks not to be tracked is not counted.
document.addEventListener("DOMContentLoaded", () => {
  const article = document.querySelector("[data-counted]")
  if (!article || navigator.globalPrivacyControl || navigator.doNotTrack === "1") return
  const SECONDS = 10 // nobody reads an article in less
  const tell = (path) => navigator.sendBeacon(`/lectures/${article.dataset.counted}/${path}`)
  const watchTheEnd = () => {
    new IntersectionObserver(([entry], watch) => {
      if (!entry.isIntersecting && entry.boundingClientRect.top > 0) return // still below
      watch.disconnect()
      tell("fin/")
    }).observe(article.querySelector(".after"))
  }
  const begin = () => {
    if (document.prerendering || document.visibilityState !== "visible") return // not seen yet
    for (const moment of ["visibilitychange", "prerenderingchange"]) {
      document.removeEventListener(moment, begin)
    }
    tell("")
    setTimeout(watchTheEnd, SECONDS * 1000)
  }
  document.addEventListener("visibilitychange", begin)
  document.addEventListener("prerenderingchange", begin)
  begin()
})
