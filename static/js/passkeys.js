// Says so when a browser gives no passkey: allauth's own script would tell the console alone.
"use strict"
document.addEventListener("allauth.error", (event) => {
  event.preventDefault()
  document.getElementById("passkey-failed").hidden = false
})
