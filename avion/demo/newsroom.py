"""Fills a site with the demonstration newsroom. Everything is found again by its address,
so loading twice adds nothing and changes nothing that was edited since."""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html

from articles.desk import workflow
from articles.models import (
    Article,
    Correction,
    DailyReads,
    Dossier,
    Image,
    Page,
    PublishedArticle,
    Section,
)
from articles.publishing import publish, publish_page
from articles.reading.counting import rank
from articles.slugs import slugify
from authors import roles
from authors.models import Author, User
from avion.demo import people, pictures, stories
from avion.models import SiteSettings

ROLES = {
    "administrator": roles.ADMINISTRATOR,
    "editor": roles.EDITOR,
    "journalist": roles.JOURNALIST,
}
CORRECTED = "huit-meetings-quatre-mois-le-calendrier-aerien-de-l-ete-2025"
CORRECTION = (
    "Le premier meeting de la saison devait se tenir un samedi.",
    "Il se tient un dimanche, comme l'organisateur nous l'a signalé.",
)


def load():
    """Fill the site step by step; yields (steps done, steps in all) after each."""
    parts = stories.read("stories")
    total = len(people.PEOPLE) + len(parts) + 1
    _load_frame()
    yield 1, total
    for done, person in enumerate(people.PEOPLE, start=2):
        _load_author(person)
        yield done, total
    for done, story in enumerate(parts, start=len(people.PEOPLE) + 2):
        load_story(story)
        yield done, total
    _load_dossiers()
    _load_reads()


def create_accounts() -> dict[str, str]:
    """Create the demonstration accounts that are missing; return their new passwords by e-mail."""
    passwords = {}
    for account in people.ACCOUNTS:
        if User.objects.filter(email=account.email).exists():
            continue
        passwords[account.email] = secrets.token_urlsafe(12)
        with transaction.atomic():
            user = User.objects.create_user(
                account.email, passwords[account.email], name=account.name
            )
            user.groups.add(Group.objects.get(name=ROLES[account.role]))
            Author.objects.filter(slug=slugify(account.name), user=None).update(user=user)
    return passwords


@transaction.atomic
def _load_frame():
    """The site's settings, its sections and its pages."""
    SiteSettings.objects.get_or_create(pk=1, defaults=people.SITE)
    for position, (slug, (name, description)) in enumerate(people.SECTIONS.items(), start=1):
        defaults = {"name": name, "description": description, "position": position}
        Section.objects.get_or_create(slug=slug, defaults=defaults)
    for page in stories.read("pages"):
        if not Page.objects.filter(slug=page.slug).exists():
            publish_page(
                Page(
                    slug=page.slug,
                    title=page.header["title"],
                    position=int(page.header["order"]),
                    body=page.body,
                )
            )


@transaction.atomic
def _load_author(person):
    slug = slugify(person.name)
    defaults = {
        "name": person.name,
        "job_title": person.job_title,
        "biography": person.biography,
        "links": f"{slug}@avion.example",
    }
    author, created = Author.objects.get_or_create(slug=slug, defaults=defaults)
    if created:
        portrait = pictures.draw_portrait(person.name, person.hair, person.hour)
        author.portrait.save(f"{slug}.jpg", ContentFile(portrait))


@transaction.atomic
def load_story(story):
    """Write one story and, if it is not to stay a draft, publish or schedule it."""
    if Article.objects.filter(slug=story.slug).exists():
        return
    header = story.header
    article = Article.objects.create(
        title=header["title"],
        slug=story.slug,
        kicker=header.get("kicker", ""),
        standfirst=header.get("standfirst", ""),
        section=Section.objects.get(slug=header["section"]),
        body=_body(story),
        hero_image=_hero(story),
        created_at=story.published_at or timezone.now(),
        updated_at=story.published_at or timezone.now(),
    )
    authors = [Author.objects.get(slug=slugify(name)) for name in story.listed("authors")]
    article.sign(authors)
    article.created_by = authors[0].user
    article.save()
    article.tags.set(story.listed("tags"))
    if story.published_at:
        publish(article, at=story.published_at)
    elif header["state"] == "scheduled":
        publish(article, at=_tomorrow_morning())
    elif header["state"] == "review":
        workflow.submit(article)
    if story.slug == CORRECTED:
        _correct(article)


@transaction.atomic
def _load_dossiers():
    for position, series in enumerate(people.DOSSIERS, start=1):
        dossier, created = Dossier.objects.get_or_create(
            slug=slugify(series.title),
            defaults={
                "title": series.title,
                "introduction": series.introduction,
                "position": position,
            },
        )
        if created:
            dossier.arrange([Article.objects.get(slug__startswith=slug) for slug in series.stories])


@transaction.atomic
def _load_reads():
    """Let the newest stories have been read in the last three days, so that a ranking stands."""
    if DailyReads.objects.exists():
        return
    newest = PublishedArticle.objects.live().newest().values_list("pk", flat=True)[:12]
    for place, pk in enumerate(newest):
        # The order of publication would be no ranking worth a look, nor would every day's the same.
        for days, step in enumerate((5, 7, 11)):
            opened = 1200 - 90 * (place * step % 12)
            DailyReads.objects.create(
                article_id=pk,
                day=timezone.localdate() - timedelta(days=days),
                opened=opened >> days,
                finished=opened * 6 // 10 >> days,
            )
    rank()


def _body(story) -> str:
    def figure(match):
        image = _draw(match["drawing"], f"{story.slug}-2", match["alt"], match["caption"])
        return format_html(
            '<figure><img data-file="{}" alt="{}"><figcaption>{}</figcaption></figure>',
            image.pk,
            image.alt,
            match["caption"],
        )

    body = stories.PICTURE.sub(figure, story.body)
    return body if story.slug == people.REAL_STORY else body + people.FICTION


def _hero(story):
    if story.header.get("picture", "none") == "none":
        return None
    header = story.header
    return _draw(header["picture"], story.slug, header["alt"], header["caption"])


def _draw(drawing, seed, alt, caption):
    """Draw a picture ("dusk fighter 2") into the library."""
    hour, silhouette, count = drawing.split()
    scene = pictures.draw_scene(hour, silhouette, int(count), seed)
    image = Image(
        title=alt[:200],
        file=ContentFile(scene, name=f"{slugify(alt, 60)}.jpg"),
        alt=alt,
        caption=caption,
        credit=people.CREDIT,
        licence=Image.Licence.OWN,
    )
    image.save()
    return image


def _tomorrow_morning() -> datetime:
    local = timezone.localtime() + timedelta(days=1)
    return local.replace(hour=6, minute=30, second=0, microsecond=0)


def _correct(article):
    """Correct a story on the day it was published."""
    wrong, right = CORRECTION
    moment = article.published.published_at + timedelta(hours=5)
    Correction.objects.create(article=article, wrong=wrong, right=right, corrected_at=moment)
    publish(article)
    PublishedArticle.objects.filter(pk=article.pk).update(modified_at=moment)
