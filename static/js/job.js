// Shows how far a job is without a reload: its part of the page is asked for again while it works.
"use strict"
const EVERY = 2000 // milliseconds
const ask = async () => {
  const answer = await fetch(`${location.pathname}?part`, { redirect: "error" })
  if (answer.ok) document.getElementById("job").outerHTML = await answer.text()
}
const again = async () => {
  if (!document.querySelector("#job[data-working]")) return
  try {
    await ask()
  } catch (error) {
    console.info("The server does not answer for now:", error)
  }
  setTimeout(again, EVERY)
}
setTimeout(again, EVERY)
