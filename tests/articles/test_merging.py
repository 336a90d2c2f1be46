"""Two people on one article: nobody's text is overwritten, and both stand wherever they can."""

import re
from html import unescape

from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles.desk.content import FIELDS, LISTS
from articles.desk.merging import Collision, merge
from articles.models import Article, Revision
from tests.articles.test_article_admin import ADD, DeskTestCase, change
from tests.factories import make_article

EMPTY = {name: [] if name in LISTS else "" for name in FIELDS}


def body_of(*paragraphs):
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def merged(base, mine, theirs, name="body"):
    return merge(EMPTY | {name: base}, EMPTY | {name: mine}, EMPTY | {name: theirs})


def text_of(merge, side):
    """The body when one side is chosen throughout."""
    return "".join(part if isinstance(part, str) else getattr(part, side) for part in merge.body)


def test_changes_that_do_not_touch_stand_together():
    found = merged(
        body_of("un", "deux", "trois"),
        body_of("UN", "deux", "trois"),
        body_of("un", "deux", "TROIS", "quatre"),
    )
    assert found.is_clean
    assert text_of(found, "mine") == body_of("UN", "deux", "TROIS", "quatre")
    assert found.taken == ["body"]
    neighbours = merged(body_of("un", "deux"), body_of("UN", "deux"), body_of("un", "DEUX"))
    assert text_of(neighbours, "mine") == body_of("UN", "DEUX")


def test_what_both_changed_is_asked():
    found = merged(body_of("un", "deux"), body_of("un", "A"), body_of("un", "B"))
    assert found.body == [body_of("un"), Collision(body_of("A"), body_of("B"))]
    assert merged("a", "b", "c", "title").collisions == {"title": Collision("b", "c")}


def test_one_side_alone_wins_a_field():
    assert merged("a", "a", "b", "title").content["title"] == "b"
    assert merged("a", "b", "a", "title").content["title"] == "b"
    assert merged("a", "b", "b", "title").is_clean


def test_lists_take_what_each_added_and_removed():
    found = merged(["a", "b"], ["b", "c"], ["a", "b", "d"], "tags")
    assert found.content["tags"] == ["b", "c", "d"]
    assert merged([1, 2], [1, 2], [2, 1], "bylines").content["bylines"] == [2, 1]
    assert merged([1, 2], [2, 1], [1, 2], "bylines").content["bylines"] == [2, 1]


def test_without_a_base_every_difference_is_asked():
    found = merge(None, EMPTY | {"title": "a"}, EMPTY | {"title": "b"})
    assert found.collisions == {"title": Collision("a", "b")}


paragraphs = st.lists(st.sampled_from("abcdef"), max_size=8)


@given(paragraphs, paragraphs)
def test_a_change_of_one_side_alone_asks_nothing(base, changed):
    base, changed = body_of(*base), body_of(*changed)
    for mine, theirs in ((changed, base), (base, changed), (changed, changed)):
        found = merged(base, mine, theirs)
        assert found.is_clean
        assert text_of(found, "mine") == changed


@given(paragraphs, paragraphs, paragraphs)
def test_no_new_paragraph_is_lost(base, mine, theirs):
    found = merged(body_of(*base), body_of(*mine), body_of(*theirs))
    for side, texts in (("mine", mine), ("theirs", theirs)):
        for letter in set(texts) - set(base):
            assert text_of(found, side).count(letter) >= texts.count(letter)


class TwoPeopleTests(DeskTestCase):
    def setUp(self):
        self.client.force_login(self.editor)
        self.article = make_article(
            "L'avion", authors=[self.author], slug="l-avion", body=body_of("un", "deux", "trois")
        )
        self.seen = self.article.version

    def save(self, **changes):
        return self.edit(self.article, **changes)

    def posted(self, response):
        """What the merge page would post with its first choices."""
        fields = {}
        for tag in re.findall(r"<input [^>]+>", response.content.decode()):
            attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            chosen = attributes.get("type") == "hidden" or " checked" in tag
            if chosen and attributes.get("name") not in {None, "csrfmiddlewaretoken"}:
                value = unescape(attributes["value"])
                fields.setdefault(attributes["name"], []).append(value)
        return fields

    def test_saving_over_a_newer_version_overwrites_nothing(self):
        self.save(title="Le leur", body=body_of("un", "deux", "TROIS"))
        response = self.save(
            title="Le mien", body=body_of("UN", "deux", "trois"), seen_version=self.seen
        )
        self.assertEqual(response.status_code, 409)
        self.assertContains(response, "Le mien", status_code=409)
        self.assertContains(response, "Le leur", status_code=409)
        self.article.refresh_from_db()
        self.assertEqual((self.article.title, self.article.version), ("Le leur", 2))

        self.client.post(change(self.article), self.posted(response) | {"_continue": "1"})
        self.article.refresh_from_db()
        self.assertEqual(self.article.title, "Le mien")
        self.assertEqual(self.article.body, body_of("UN", "deux", "TROIS"))
        self.assertEqual(self.article.version, 3)
        self.assertEqual(self.article.bylines.get().author, self.author)

    def test_a_merge_overtaken_in_its_turn_is_merged_again(self):
        self.save(body=body_of("un", "deux", "B"))
        first = self.save(body=body_of("A", "deux", "trois"), seen_version=self.seen)
        self.save(body=body_of("un", "C", "B"))
        second = self.client.post(change(self.article), self.posted(first) | {"_continue": "1"})
        self.assertEqual(second.status_code, 409)
        self.client.post(change(self.article), self.posted(second) | {"_continue": "1"})
        self.article.refresh_from_db()
        self.assertEqual(self.article.body, body_of("A", "C", "B"))

    def test_tags_reason_and_correction_come_through_the_merge(self):
        self.save(tags=["new:Mirage"], _publish="1")
        response = self.edit(
            self.article,
            tags=["new:Rafale"],
            seen_version=self.seen,
            reason="Précision",
            **{
                "corrections-TOTAL_FORMS": 1,
                "corrections-0-wrong": "C'était 10.",
                "corrections-0-right": "C'était 12.",
                "corrections-0-article": self.article.pk,
            },
        )
        self.client.post(change(self.article), self.posted(response) | {"_continue": "1"})
        self.assertEqual({tag.name for tag in self.article.tags.all()}, {"Rafale", "Mirage"})
        self.assertEqual(self.article.corrections.get().right, "C'était 12.")
        self.assertEqual(Revision.objects.first().reason, "Précision")

    def test_an_embargo_set_meanwhile_is_not_lost(self):
        self.save(embargo_until_0="28/03/2099", embargo_until_1="10:00", embargo_note="Ministère")
        response = self.save(title="Le mien", seen_version=self.seen)
        self.client.post(change(self.article), self.posted(response) | {"_continue": "1"})
        self.article.refresh_from_db()
        self.assertEqual(self.article.title, "Le mien")
        self.assertEqual(timezone.localtime(self.article.embargo_until).hour, 10)
        self.assertEqual(self.article.embargo_note, "Ministère")
        page = reverse("admin:articles_article_compare", args=[self.article.pk])
        first, last = Revision.objects.last(), Revision.objects.first()
        compared = self.client.get(page, {"old": first.pk, "new": last.pk})
        self.assertContains(compared, "28 mars 2099")

    def test_publishing_an_older_version_publishes_nothing(self):
        self.save(title="Le leur")
        response = self.save(title="Le mien", seen_version=self.seen, _publish="1")
        self.assertEqual(response.status_code, 409)
        self.article.refresh_from_db()
        self.assertIsNone(self.article.copy)

    def test_a_form_without_a_version_is_not_trusted(self):
        self.assertEqual(self.save(title="Le mien", seen_version="").status_code, 409)

    def test_a_restored_text_counts_as_newer(self):
        self.save(title="Deux")
        opened = Article.objects.get().version
        revision = Revision.objects.get(act="found")
        restore = reverse("admin:articles_article_restore", args=[self.article.pk, revision.pk])
        self.client.post(restore)
        self.assertEqual(self.save(title="Trois", seen_version=opened).status_code, 409)

    def test_the_form_tells_its_version(self):
        page = self.client.get(change(self.article)).content.decode()
        self.assertIn('name="seen_version" value="1"', page)
        self.assertIn('name="seen_version"', self.client.get(ADD).content.decode())
