"""The photo library at the desk: found, kept in order, replaced, never lost while it is used."""

from datetime import date, timedelta
from unittest.mock import patch

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from articles.images import renditions
from articles.models import Article, Image, Tag
from articles.publishing import publish, tagging
from authors import roles
from tests.articles.test_uploads import XMP
from tests.factories import (
    figures,
    make_article,
    make_image,
    make_page,
    make_published,
    make_user,
    photograph,
    sign_in_lately,
)

LIST = reverse("admin:articles_image_changelist")
LOGGER = "articles.images.stock"
UPLOAD = reverse("admin:articles_image_upload")
RIGHTS = {"credit": "Agence", "licence": "agency"}


def file_of(content, name="photo.jpg"):
    return SimpleUploadedFile(name, content)


def change_page(image):
    return reverse("admin:articles_image_change", args=[image.pk])


class LibraryTestCase(TestCase):
    role = roles.EDITOR

    def setUp(self):
        self.user = make_user(self.role)
        sign_in_lately(self.client, self.user)

    def titles(self, **query):
        found = self.client.get(LIST, query).context["cl"].queryset
        return {image.title for image in found}


class UploadTests(LibraryTestCase):
    role = roles.JOURNALIST

    def send(self, *files, **fields):
        accept = {"Accept": "application/json"}
        data = {"licence": "reserved", "files": files} | fields
        return self.client.post(UPLOAD, data, headers=accept)

    def test_several_files_share_what_is_typed_and_each_stands_alone(self):
        files = [
            file_of(photograph(1), "un-vol_de nuit.jpg"),
            file_of(b"<svg/>", "dessin.svg"),
            file_of(photograph(2, xmp=XMP)),
        ]
        answer = self.client.post(UPLOAD, RIGHTS | {"files": files, "tags": ["new:Rafale"]})
        self.assertContains(answer, "SVG")
        self.assertContains(answer, "Dans la photothèque", count=2)
        night, day = Image.objects.order_by("pk")
        self.assertEqual(night.title, "un vol de nuit")
        self.assertEqual((day.title, day.city), ("Le premier vol", "Istres"))
        self.assertEqual({night.credit, day.credit}, {"Agence"})
        self.assertEqual([tag.name for tag in day.tags.all()], ["Rafale"])
        self.assertEqual(day.uploaded_by, self.user)

    def test_scripts_get_an_answer_for_each_file(self):
        answer = self.send(file_of(photograph()))
        self.assertEqual(answer.status_code, 201)
        image = Image.objects.get()
        self.assertEqual(answer.json()["image"]["id"], image.pk)
        self.assertEqual(image.credit, "")  # may be told later; publishing asks for it
        answer = self.send(file_of(b"no picture"))
        self.assertEqual(answer.status_code, 400)
        self.assertIn("savons lire", answer.json()["error"])
        self.assertEqual(self.send().status_code, 400)

    def test_a_picture_that_is_there_already_is_proposed(self):
        first = self.send(file_of(photograph(size=(640, 400)))).json()["image"]["id"]
        for again in (photograph(size=(640, 400)), photograph(size=(300, 190), quality=40)):
            answer = self.send(file_of(again))
            self.assertEqual(answer.status_code, 409)
            self.assertEqual([twin["id"] for twin in answer.json()["twins"]], [first])
        self.assertEqual(self.send(file_of(photograph(5))).status_code, 201)
        self.assertEqual(self.send(file_of(photograph()), keep_both="1").status_code, 201)

    def test_the_plain_form_proposes_it_too(self):
        image = Image.objects.get(pk=self.send(file_of(photograph())).json()["image"]["id"])
        add = reverse("admin:articles_image_add")
        data = RIGHTS | {"title": "Mien", "file": file_of(photograph())}
        answer = self.client.post(add, data)
        self.assertContains(answer, change_page(image))
        self.assertContains(answer, 'name="keep_both"')
        self.assertContains(answer, 'value="Mien"')
        data |= {"file": file_of(photograph()), "keep_both": "1"}
        self.assertEqual(self.client.post(add, data).status_code, 302)

    def test_keywords_of_the_file_become_tags_when_asked(self):
        Tag.objects.named("Rafale")
        self.send(file_of(photograph(xmp=XMP)))
        image = Image.objects.get()
        self.assertContains(self.client.get(change_page(image)), "Rafale, premier vol")
        self.client.post(change_page(image), RIGHTS | {"title": "Un", "take_keywords": "1"})
        self.assertEqual({tag.name for tag in image.tags.all()}, {"Rafale", "premier vol"})
        self.assertNotContains(self.client.get(change_page(image)), "take_keywords")

    def test_a_full_disk_is_told_and_leaves_no_row(self):
        full = OSError(28, "No space left on device")
        with patch.object(default_storage, "save", side_effect=full), self.assertLogs(LOGGER):
            answer = self.send(file_of(photograph()))
        self.assertEqual(answer.status_code, 400)
        self.assertIn("pas pu être rangé", answer.json()["error"])
        self.assertFalse(Image.objects.exists())

    def test_the_plain_form_keeps_what_was_typed_when_the_disk_is_full(self):
        full = OSError(28, "No space left on device")
        data = RIGHTS | {"title": "Mon titre", "file": file_of(photograph())}
        with patch.object(default_storage, "save", side_effect=full), self.assertLogs(LOGGER):
            answer = self.client.post(reverse("admin:articles_image_add"), data)
        self.assertContains(answer, "pas pu être rangé")
        self.assertContains(answer, 'value="Mon titre"')
        self.assertFalse(Image.objects.exists())

    def test_without_a_file_the_page_says_so(self):
        self.assertContains(self.client.post(UPLOAD, RIGHTS), "au moins un fichier")


class ListTests(LibraryTestCase):
    def test_search_reads_all_texts_whatever_their_case_and_accents(self):
        make_image(title="Décollage", city="Évreux", creator="Zoé")
        tagged = make_image(title="Autre")
        tagged.tags.add(Tag.objects.named("Aéronavale"))
        self.assertEqual(self.titles(q="evreux DECOLLAGE"), {"Décollage"})
        self.assertEqual(self.titles(q="zoe"), {"Décollage"})
        self.assertEqual(self.titles(q="aeronavale"), {"Autre"})
        self.assertEqual(self.titles(q="evreux aeronavale"), set())

    def test_filters_name_what_is_to_do(self):
        today = timezone.localdate()
        hero = make_image(title="une", usable_until=today + timedelta(days=14))
        make_image(title="sans crédit", credit="", usable_until=today + timedelta(days=15))
        make_image(title="muette", alt="")
        make_image(title="ornement", alt="", is_decorative=True)
        inside = make_image(title="dedans", licence="agency", usable_until=today)
        make_article(hero_image=hero, body=figures(inside))
        self.assertEqual(self.titles(lack="credit"), {"sans crédit"})
        self.assertEqual(self.titles(lack="alt"), {"muette"})
        self.assertEqual(self.titles(lack="expiring"), {"une", "dedans"})
        self.assertEqual(self.titles(lack="unused"), {"sans crédit", "muette", "ornement"})
        self.assertEqual(self.titles(licence__exact="agency"), {"dedans"})

    def test_the_list_costs_the_same_for_any_number_of_pictures(self):
        for _ in range(3):
            make_image()
        self.client.get(LIST)
        with self.assertNumQueries(7):
            self.client.get(LIST)
        for _ in range(12):
            make_image()
        with self.assertNumQueries(7):
            self.client.get(LIST)

    def test_grid_or_rows_as_last_chosen(self):
        self.assertContains(self.client.get(LIST), "pictures-grid")
        answer = self.client.get(LIST, {"view": "list", "q": "a"})
        self.assertRedirects(answer, f"{LIST}?q=a")
        self.assertContains(self.client.get(LIST), "pictures-list")

    def test_many_get_their_rights_at_once(self):
        images = [make_image(credit="", title=f"n° {number}") for number in range(3)]
        chosen = {"action": "edit_rights", "_selected_action": [image.pk for image in images[:2]]}
        self.assertContains(self.client.post(LIST, chosen), "n° 1")
        confirmed = chosen | {"confirmed": "1"}
        self.assertContains(self.client.post(LIST, confirmed), "Remplissez")
        given = confirmed | {"credit": "Armée de l'air", "licence": "press", "tags": "new:Rafale"}
        answer = self.client.post(LIST, given, follow=True)
        self.assertContains(answer, "2 images modifiées")
        found = list(Image.objects.filter(credit="Armée de l'air", licence="press"))
        self.assertEqual({image.pk for image in found}, {image.pk for image in images[:2]})
        self.assertEqual(found[0].tags.get().name, "Rafale")
        self.assertEqual(self.titles(q="armee"), {"n° 0", "n° 1"})

    def test_merged_tags_take_their_pictures_along(self):
        image = make_image()
        old, new = Tag.objects.named("Rafale M"), Tag.objects.named("Rafale")
        image.tags.add(old)
        tagging.merge([old], new)
        self.assertEqual(image.tags.get(), new)


class KeepTests(LibraryTestCase):
    def test_the_form_says_where_a_picture_is_used(self):
        image = make_image()
        make_published("Le vol", body=figures(image))
        make_article("Le brouillon", hero_image=image)
        make_page("À propos", body=figures(image))
        Tag.objects.create(name="Rafale", image=image)
        answer = self.client.get(change_page(image))
        for title in ("Le vol", "Le brouillon", "À propos", "Rafale"):
            self.assertContains(answer, f">{title}</a>")

    def test_titles_of_colleagues_drafts_are_not_told(self):
        image = make_image()
        make_article("Secret", hero_image=image)
        make_published("Public", hero_image=image)
        self.client.force_login(make_user(roles.JOURNALIST))
        answer = self.client.get(change_page(image))
        self.assertContains(answer, "Public")
        self.assertContains(answer, "1 article d’un collègue")
        self.assertNotContains(answer, "Secret")

    def test_deleting_a_used_picture_is_refused_with_its_uses(self):
        image, free = make_image(), make_image()
        make_published("Le vol", body=figures(image))
        delete = reverse("admin:articles_image_delete", args=[image.pk])
        self.assertContains(self.client.get(delete), "Le vol")
        self.client.post(delete, {"post": "yes"})
        several = {
            "action": "delete_selected",
            "_selected_action": [image.pk, free.pk],
            "post": "yes",
        }
        self.assertContains(self.client.post(LIST, several), "Le vol")
        self.assertEqual(Image.objects.count(), 2)

    def test_who_brought_a_picture_changes_it_until_readers_see_it(self):
        journalist = make_user(roles.JOURNALIST)
        image = make_image(uploaded_by=journalist)
        self.client.force_login(journalist)
        data = RIGHTS | {"title": "Changée"}
        self.client.post(change_page(image), data)
        self.assertEqual(Image.objects.get().title, "Changée")
        make_page("À propos", body=figures(image))
        self.assertEqual(self.client.post(change_page(image), data).status_code, 403)

    def test_a_deleted_picture_takes_its_files_along(self):
        image = make_image()
        renditions.record(image, renditions.build(image))
        image.refresh_from_db()
        files = [image.file.name, *renditions.names(image.renditions)]
        self.assertTrue(all(map(default_storage.exists, files)))
        delete = reverse("admin:articles_image_delete", args=[image.pk])
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(delete, {"post": "yes"})
        self.assertFalse(Image.objects.exists())
        self.assertFalse(any(map(default_storage.exists, files)))

    def test_another_file_takes_the_place_in_every_use(self):
        image = make_image()
        article = make_published(hero_image=image, body=figures(image))
        old = image.file.name
        data = RIGHTS | {"title": "Un", "file": file_of(photograph())}
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(change_page(image), data)
        image.refresh_from_db()
        self.assertEqual((image.width, image.height), (320, 200))
        self.assertTrue(renditions.is_current(image))
        self.assertFalse(default_storage.exists(old))
        page = self.client.get(article.get_absolute_url())
        self.assertContains(page, image.renditions["key"])
        self.assertNotContains(page, old)


class LicenceTests(LibraryTestCase):
    def setUp(self):
        super().setUp()
        until = timezone.localdate() + timedelta(days=10)
        self.image = make_image(title="Prêtée", usable_until=until)
        self.other = make_image(title="La nôtre", alt="La nôtre", credit="Nous")
        text = figures(self.image) + "<p>Texte.</p>"
        self.article = make_article("Le vol", hero_image=self.image, body=text)
        self.copy = publish(self.article)
        self.page = make_page("À propos", body=text)
        self.tag = Tag.objects.create(name="Rafale", image=self.image)
        self.retire = reverse("admin:articles_image_retire", args=[self.image.pk])

    def after(self):
        for row in (self.article, self.copy, self.page, self.tag):
            row.refresh_from_db()
        return self.article, self.copy

    def test_the_dashboard_warns_of_every_use_that_readers_see(self):
        far = timezone.localdate() + timedelta(days=15)
        make_published("Longtemps", hero_image=make_image(title="Plus tard", usable_until=far))
        make_image(title="Sans emploi", usable_until=timezone.localdate())
        page = self.client.get(reverse("admin:index"))
        self.assertContains(page, self.retire)
        self.assertContains(page, "Le vol · À propos · Rafale")
        self.assertNotContains(page, "Plus tard")
        self.assertNotContains(page, "Sans emploi")
        self.client.force_login(make_user(roles.JOURNALIST))
        self.assertNotContains(self.client.get(reverse("admin:index")), "Prêtée")

    def test_one_click_replaces_it_everywhere(self):
        self.client.post(self.retire, {"_replace": "1", "successor": self.other.pk})
        article, copy = self.after()
        self.assertEqual({article.hero_image, copy.hero_image, self.tag.image}, {self.other})
        self.assertIn(f'data-file="{self.other.pk}"', article.body)
        page = self.client.get(copy.get_absolute_url())
        self.assertContains(page, self.other.file.url)
        self.assertNotContains(page, self.image.file.url)
        self.assertContains(page, "La nôtre")
        self.assertContains(self.client.get("/a-propos/"), self.other.file.url)
        self.assertEqual(article.state, Article.State.PUBLISHED)
        self.assertIn("Prêtée", article.revisions.latest("pk").reason)

    def test_one_click_removes_it_everywhere(self):
        self.client.post(self.retire, {"_remove": "1"})
        article, copy = self.after()
        self.assertEqual({article.hero_image, copy.hero_image, self.tag.image}, {None})
        self.assertEqual(article.body, "<p>Texte.</p>")
        self.assertNotContains(self.client.get(copy.get_absolute_url()), "<figure")
        self.assertNotContains(self.client.get("/a-propos/"), "<figure")
        self.image.delete()  # nothing holds it any more

    def test_the_librarys_own_caption_goes_with_its_picture(self):
        self.image.caption, self.other.caption = "L'ancienne", "La nouvelle"
        self.image.save()
        self.other.save()
        text = figures(self.image)
        own = figures(self.image).replace("</figure>", "<figcaption>Écrite</figcaption></figure>")
        copy = make_published(hero_image=self.image, body=text + own)
        self.client.post(self.retire, {"_replace": "1", "successor": self.other.pk})
        page = self.client.get(copy.get_absolute_url())
        self.assertNotContains(page, "L’ancienne")
        self.assertContains(page, "<span>La nouvelle</span>", count=2)
        self.assertContains(page, "Écrite")

    def test_what_could_not_be_published_takes_no_place(self):
        for fields in ({"credit": ""}, {"alt": ""}, {"usable_until": date(2020, 1, 1)}):
            bad = make_image(**fields)
            answer = self.client.post(self.retire, {"_replace": "1", "successor": bad.pk})
            self.assertEqual(answer.status_code, 200, fields)
        self.assertEqual(self.after()[0].hero_image, self.image)

    def test_what_else_changed_since_publication_stays_unpublished(self):
        self.article.refresh_from_db()
        self.article.title = "Un autre titre"
        self.article.save()
        self.article.touch()
        self.client.post(self.retire, {"_remove": "1"})
        article, copy = self.after()
        self.assertEqual((article.title, copy.title), ("Un autre titre", "Le vol"))
        self.assertEqual(article.state, Article.State.CHANGED)

    def test_without_a_successor_nothing_is_replaced(self):
        self.assertContains(self.client.post(self.retire, {"_replace": "1"}), "obligatoire")
        self.assertEqual(self.after()[0].hero_image, self.image)
