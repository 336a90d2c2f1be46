// The readers' page beside the form: what is kept of it, renewed with every autosave.
"use strict"
document.addEventListener("DOMContentLoaded", () => {
  const beside = document.getElementById("beside")
  const opener = document.getElementById("open-beside")
  if (!beside || !opener) return
  const frame = beside.querySelector("iframe")
  const room = beside.querySelector(".beside-room")
  const devices = [...beside.querySelectorAll("[data-device]")]
  let isKept = false // something was typed since the form was opened, and the server has it
  let isDark = matchMedia("(prefers-color-scheme: dark)").matches
  let top = 0 // pixels that the reader has scrolled in the frame

  const load = () => {
    const { buffer, saved } = beside.dataset
    const address = isKept ? buffer : saved
    if (!address || beside.hidden) return
    top = frame.contentDocument ? frame.contentWindow.scrollY : 0
    frame.src = `${address}?theme=${isDark ? "dark" : "light"}`
  }

  /** Show the page at the width of the device, made smaller where the panel is narrower. */
  const fit = () => {
    const { device } = devices.find((button) => button.ariaPressed === "true").dataset
    const scale = Math.min(1, room.clientWidth / device)
    frame.style.inlineSize = `${device}px`
    frame.style.blockSize = `${room.clientHeight / scale}px`
    frame.style.transform = `scale(${scale})`
  }

  const toggle = () => {
    beside.hidden = !beside.hidden
    opener.ariaExpanded = String(!beside.hidden)
    document.body.classList.toggle("with-preview", !beside.hidden)
    load()
    fit()
  }

  frame.addEventListener("load", () => {
    if (!frame.contentDocument) return
    frame.contentWindow.scrollTo(0, top)
    // Readers' pages stand in no frame: a link out of this one opens beside.
    frame.contentDocument.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]")
      if (!link || link.getAttribute("href").startsWith("#") || link.dataset.player) return
      event.preventDefault()
      window.open(link.href, "_blank", "noopener")
    })
  })
  document.addEventListener("avion:kept", () => {
    isKept = true
    load()
  })
  for (const button of devices) {
    button.addEventListener("click", () => {
      for (const each of devices) each.ariaPressed = String(each === button)
      fit()
    })
  }
  beside.querySelector("[data-theme-of-preview]").addEventListener("click", () => {
    isDark = !isDark
    load()
  })
  beside.querySelector("[data-close]").addEventListener("click", toggle)
  opener.addEventListener("click", toggle)
  window.addEventListener("resize", fit)
  opener.hidden = false
})
