"""People, categories and tags: authors, sections and tags here."""

from django.db import transaction
from django.utils.translation import gettext as _

from articles import slugs
from articles.models import Origin, Section, Tag
from articles.wordpress.files import plain
from articles.wordpress.leading import lead
from articles.wordpress.mapping import NOTHING, SECTION, TAG
from articles.wordpress.posts import PRIMARY
from authors.invitations import free_slug as free_author_slug
from authors.models import Author

UNFILED = {"uncategorized", "non-classe"}  # WordPress's word for none: nobody browses it


def _is_decided_anew(origin, wanted) -> bool:
    """Say whether the mapping wants something else than the last time; remember what it wants.

    Without that, an author or a section that was renamed here would be made once more.
    """
    before = origin.kept.get("mapped", wanted)
    origin.kept["mapped"] = wanted
    return before != wanted


class Terms:
    """The people and terms of an old site, and what becomes of them here (see mapping.py)."""

    def __init__(self, site, mapping):
        self.site, self.mapping = site, mapping
        self.people: dict[str, Author] = {}  # by login, and by what WordPress makes of it

    @transaction.atomic
    def bring_people(self):
        known = Origin.objects.filter(source=self.site.source, kind=Origin.Kind.AUTHOR)
        for origin in known.select_related("author"):
            name = self.mapping.authors.get(origin.key) or origin.said["name"] or origin.key
            if _is_decided_anew(origin, name):
                origin.author = None
            if origin.author is None:
                origin.author = Author.objects.filter(name__iexact=name).first()
            if origin.author is None:
                origin.author = Author.objects.create(
                    name=name[:150],
                    slug=free_author_slug(name),
                    biography=origin.said.get("biography", ""),
                )
            origin.save(update_fields=["author", "kept"])
            login = slugs.slugify(origin.key.removeprefix("cap-"))
            self.people |= {origin.key: origin.author, login: origin.author}
            for path in self._by_id("author", origin) | {f"/author/{login}/"}:
                lead(path, origin.author.get_absolute_url())

    @transaction.atomic
    def bring_terms(self):
        own = Origin.objects.filter(source=self.site.source).select_related("section", "tag")
        for slug, (name, _parent) in self.site.categories.items():
            origin, _made = own.get_or_create(
                source=self.site.source,
                kind=Origin.Kind.CATEGORY,
                key=slug[:250],
                defaults={"said": {"name": name}},
            )
            kind, wanted = self.mapping.categories.get(slug, (SECTION, name))
            if _is_decided_anew(origin, f"{kind}: {wanted}"):
                origin.section = origin.tag = None
            if kind == SECTION and origin.section is None:
                origin.section = self._section(wanted, slug, origin.said.get("description", ""))
            elif kind == TAG and origin.tag is None:
                origin.tag = Tag.objects.named(wanted[:100])
            origin.save(update_fields=["section", "tag", "kept"])
            target = origin.tag if kind == TAG else origin.section
            if kind != NOTHING and target:
                for path in self._by_id("cat", origin) | self._category_paths(slug):
                    lead(path, target.get_absolute_url())
        # In the export's order: of two names that are one tag here, the first stands.
        for origin in own.filter(kind=Origin.Kind.TAG).order_by("pk"):
            if origin.tag is None:
                origin.tag = Tag.objects.named(origin.said["name"][:100] or origin.key)
                origin.save(update_fields=["tag"])
            lead(f"/tag/{origin.key}/", origin.tag.get_absolute_url())

    def _by_id(self, kind, origin) -> set[str]:
        number = origin.said.get("id", "")
        return {f"/?{kind}={number}"} if number else set()

    def _section(self, name, slug, description="") -> Section:
        name = " ".join(name.split())[:60]
        found = Section.objects.filter(name__iexact=name).first()
        if found:
            return found
        free, number = slugs.slugify(slug) or slugs.slugify(name) or "rubrique", 2
        while Section.objects.filter(slug=free).exists():
            free, number = slugs.numbered(slugs.slugify(slug) or "rubrique", number), number + 1
        in_menu = slug not in UNFILED
        return Section.objects.create(
            name=name, slug=free, description=description, in_menu=in_menu
        )

    def _category_paths(self, slug):
        """Return the addresses that WordPress gives a category: with those above it, and alone."""
        line, above = [slug], self.site.categories.get(slug, ("", ""))[1]
        while above and above in self.site.categories and above not in line:
            line.insert(0, above)
            above = self.site.categories[above][1]
        return {f"/category/{'/'.join(line)}/", f"/category/{slug}/"}

    def of(self, post):
        """Return (section, tags): the section of the primary category, else of the first."""
        categories = [slug for kind, slug, _name in post.terms if kind == "category"]
        origins = {
            origin.key: origin
            for origin in Origin.objects.select_related("section", "tag").filter(
                source=self.site.source, kind=Origin.Kind.CATEGORY, key__in=categories
            )
        }
        primary = post.said(*PRIMARY)
        ids = {slug: origin.said.get("id") for slug, origin in origins.items()}
        ordered = sorted(categories, key=lambda slug: primary not in {slug, ids.get(slug)})
        section = next((s for slug in ordered if (s := self._section_of(slug, origins))), None)
        tags = [origin.tag for origin in origins.values() if origin.tag]
        names = [name for kind, _slug, name in post.terms if kind == "post_tag"]
        tags += [Tag.objects.named(plain(name)[:100]) for name in names if plain(name)]
        return section or self._section(_("Uncategorised"), "non-classe"), list(dict.fromkeys(tags))

    def _section_of(self, slug, origins):
        """Return the section of a category, or of the nearest one above it that has one."""
        seen: set[str] = set()
        while slug and slug not in seen:
            seen.add(slug)
            origin = origins.get(slug) or self.site.known(Origin.Kind.CATEGORY, slug)
            if origin and origin.section:
                return origin.section
            slug = self.site.categories.get(slug, ("", ""))[1]
        return None

    def authors_of(self, post) -> list:
        """Return who signs: the co-authors in their order, else whoever wrote the post."""
        signed = [(slug, name) for kind, slug, name in post.terms if kind == "author"]
        creator = post.creator.strip("<> ") or "admin"
        signed = signed or [(creator, creator)]
        return list(dict.fromkeys(self._author(login, name) for login, name in signed))

    def _author(self, login, name) -> Author:
        """Return the author of a login as WordPress writes it in a term: "cap-jean-dupont"."""
        nicename = slugs.slugify(login.removeprefix("cap-"))
        author = self.people.get(login) or self.people.get(nicename)
        author = author or Author.objects.filter(name__iexact=plain(name)).first()
        if author is None:  # of whom the export says nothing else
            name = plain(name)[:150] or nicename
            author = Author.objects.create(name=name, slug=free_author_slug(name))
            self.people[nicename] = author
        return author
