// Addresses typed ahead of the server, by its own rules (articles/slugs.py): œ is oe, an
// apostrophe parts words, the cut comes at a word. Django's own would give luvre for « l'œuvre ».
"use strict"
{
  const LETTERS = { œ: "oe", æ: "ae", ß: "ss", ø: "o", "€": " euros " }

  const slugify = (text, length) => {
    const folded = text.toLowerCase().replace(/[œæßø€]/g, (letter) => LETTERS[letter])
    const plain = folded.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    const slug = (plain.match(/[a-z0-9]+/g) || []).join("-")
    if (slug.length <= length) return slug
    return slug.slice(0, length + 1).split("-").slice(0, -1).join("-") || slug.slice(0, length)
  }

  document.addEventListener("DOMContentLoaded", () => { window.URLify = slugify })
}
