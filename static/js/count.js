/* Adds one to the article's openings of the day, and one when its end was reached: see
   /mesure-audience/. No cookie, no identifier; a browser that asks not to be counted is not. */
const article = document.currentScript.dataset.article;
const SECONDS = 10; // nobody reads an article in less

function tell(path) {
  navigator.sendBeacon(`/lectures/${article}/${path}`);
}

function watchTheEnd() {
  new IntersectionObserver(([entry], watch) => {
    if (!entry.isIntersecting && entry.boundingClientRect.top > 0) return; // still below
    watch.disconnect();
    tell("fin/");
  }).observe(document.querySelector(".after"));
}

function begin() {
  if (document.prerendering || document.visibilityState !== "visible") return; // nobody sees it yet
  document.removeEventListener("visibilitychange", begin);
  document.removeEventListener("prerenderingchange", begin);
  tell("");
  setTimeout(watchTheEnd, SECONDS * 1000);
}

if (!navigator.globalPrivacyControl && navigator.doNotTrack !== "1") {
  document.addEventListener("visibilitychange", begin);
  document.addEventListener("prerenderingchange", begin);
  begin();
}
