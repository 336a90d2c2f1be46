"""From the working copy to what readers get. Preview and publication share `render`."""

from dataclasses import dataclass, field

from django.conf import settings
from django.template.loader import render_to_string

from articles.models.image import Image
from articles.publishing import footnotes
from articles.publishing.body import clean, host_of, image_ids, parse, text_of
from articles.publishing.embeds import describe
from articles.publishing.typography import inner_html, typeset, typeset_tree
from articles.search.words import WORD, search_text
from articles.slugs import slugify


@dataclass
class Rendering:
    """The readers' texts of an article, typeset; `body` is final, safe HTML."""

    title: str
    kicker: str
    standfirst: str
    body: str
    hero_caption: str
    seo_title: str
    seo_description: str
    word_count: int
    search_title: str
    search_about: str
    search_text: str
    corrections: list[dict] = field(default_factory=list)


@dataclass
class Relations:
    """What a working copy refers to, in the order that readers get."""

    authors: list
    tags: list  # tags, or the names of those that are not made yet
    related_ids: list[int]
    corrections: list


def relations_of(article) -> Relations:
    """Return what a saved working copy refers to, in 4 queries."""
    related = article.related.through.objects.filter(from_article=article).order_by("pk")
    return Relations(
        authors=[byline.author for byline in article.bylines.select_related("author")],
        tags=list(article.tags.all()),
        related_ids=list(related.values_list("to_article", flat=True)),
        corrections=list(article.corrections.all()),
    )


def render(article, relations=None) -> Rendering:
    """Render a working copy: clean, typeset, expand figures and embeds, count words.

    relations: what it refers to; None reads that of a saved article. Writes nothing.
    """
    relations = relations or relations_of(article)
    body, text = render_body(article.body)
    image = article.hero_image
    names = [author.name for author in relations.authors]
    tags = [str(tag) for tag in relations.tags]
    section = article.section.name if article.section else ""
    return Rendering(
        title=typeset(article.title),
        kicker=typeset(article.kicker),
        standfirst=typeset(article.standfirst),
        body=body,
        hero_caption=typeset(article.hero_caption or (image.caption if image else "")),
        seo_title=typeset(article.seo_title),
        seo_description=typeset(article.seo_description),
        word_count=len(WORD.findall(text)),
        search_title=search_text(article.title),
        search_about=about(article, section, names, tags),
        search_text=search_text(text, article.hero_caption or (image.caption if image else "")),
        corrections=[
            {
                "at": correction.corrected_at.isoformat(),
                "wrong": typeset(correction.wrong),
                "right": typeset(correction.right),
            }
            for correction in relations.corrections
        ],
    )


def about(article, section: str, names, tags) -> str:
    """Return the tokens of what is said about an article: all but its title and its text."""
    return search_text(article.kicker, article.standfirst, section, *names, *tags)


def render_body(markup: str) -> tuple[str, str]:
    """Return (final HTML, plain text) of a body; one query if it holds pictures."""
    root = parse(clean(markup))
    _expand_figures(root)
    footnotes.move_to_end(root)
    typeset_tree(root)
    text = text_of(root)  # before labels and numbers come in, which are no text of the article
    footnotes.number_calls(root)
    _expand_embeds(root)
    _expand_boxes(root)
    _name_headings(root)
    _mark_links(root)
    _box_tables(root)
    return inner_html(root), text


def _expand_figures(root) -> None:
    images = Image.objects.in_bulk(image_ids(root))
    for figure in list(root.iter("figure")):
        image = next((images.get(int(img.get("data-file"))) for img in figure.iter("img")), None)
        if image is None:
            figure.drop_tree()
            continue
        caption = figure.find("figcaption")
        context = {
            "image": image,
            "place": "gallery" if figure.getparent().get("data-gallery") is not None else "figure",
            "alt": typeset(figure.find(".//img").get("alt") or image.alt),
            "caption": inner_html(caption) if caption is not None else typeset(image.caption),
            "caption_is_html": caption is not None,
        }
        _replace(figure, render_to_string("articles/_figure.html", context))


def _expand_embeds(root) -> None:
    """Show an embed as a still card: nothing of a third party is loaded."""
    for place in root.xpath(".//div[@data-embed]"):
        context = {"embed": describe(place.get("data-embed")), "title": place.get("data-title", "")}
        _replace(place, render_to_string("articles/_embed.html", context))


def _expand_boxes(root) -> None:
    """Name boxes and galleries for the style sheet; say what stands in a table of data."""
    for gallery in root.xpath(".//div[@data-gallery]"):
        del gallery.attrib["data-gallery"]
        gallery.set("class", "gallery")
        if not len(gallery):  # its pictures are gone from the library
            gallery.drop_tree()
    for box in root.xpath(".//aside[@data-box]"):
        kind = box.attrib.pop("data-box")
        box.set("class", f"box {kind}")
        if kind == "see-also":
            box.insert(0, parse(render_to_string("articles/_see_also.html"))[0])
        if kind == "specs":
            _finish_specs(box)


def _finish_specs(box) -> None:
    """Say what each row is of; leave out the rows that nobody filled in."""
    for row in box.xpath(".//tr[td][not(td[normalize-space()])]"):
        row.drop_tree()
    for name in box.xpath(".//tr/*[1][self::th]"):
        name.set("scope", "row")
    if not "".join(box.xpath(".//text()[not(ancestor::h2 or ancestor::h3)]")).strip():
        box.drop_tree()


def _replace(element, markup: str) -> None:
    new = parse(markup)[0]
    new.tail = element.tail
    element.getparent().replace(element, new)


def _name_headings(root) -> None:
    """Give every heading an id of its own, so that it can be linked to."""
    taken = set(root.xpath(".//@id"))
    for heading in root.iter("h2", "h3"):
        base = name = slugify(heading.text_content(), 60) or "section"
        number = 2
        while name in taken:
            name, number = f"{base}-{number}", number + 1
        taken.add(name)
        heading.set("id", name)


def _mark_links(root) -> None:
    """Links that leave the site tell their target nothing about our window."""
    for link in root.iter("a"):
        host = host_of(link.get("href", ""))
        if host and host != settings.SITE_URL.hostname:
            link.set("rel", "noopener")


def _box_tables(root) -> None:
    """Let a wide table scroll in a box of its own, within reach of the keyboard."""
    for table in list(root.iter("table")):
        box = parse('<div class="table-box" tabindex="0"></div>')[0]
        box.tail, table.tail = table.tail, None
        table.getparent().replace(table, box)
        box.append(table)
