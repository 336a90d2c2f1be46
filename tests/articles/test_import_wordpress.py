"""A WordPress site comes over: what readers get, what nobody gets, and what a second run does."""

import json
from datetime import UTC, datetime
from io import StringIO
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from articles.desk.checks import blocking, check
from articles.desk.content import content_of
from articles.models import Article, Image, Origin, Page, PublishedArticle, Redirect, Section, Tag
from articles.publishing import publish, unpublish
from articles.wordpress import importing
from articles.wordpress.mapping import Mapping
from articles.wordpress.media import MissingFileError
from authors import roles
from authors.models import Author
from avion.models import SiteSettings
from tests.articles.wxr_files import LONG, SITE, TEXT, THEME_TESTS, attachment, item, write
from tests.factories import make_image, make_published, make_user, photograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def moving(tmp_path, settings):
    """Import these items, and return the lines of the report by their ids."""
    settings.MEDIA_ROOT = tmp_path / "media"
    uploads = tmp_path / "uploads/2020/05"
    uploads.mkdir(parents=True)
    (uploads / "photo.jpg").write_bytes(photograph(1))
    (uploads / "plan.pdf").write_bytes(b"%PDF-1.4 plan")

    def moving(*items, **options):
        path = items[0] if items and not isinstance(items[0], str) else write(tmp_path, *items)
        report, said = tmp_path / "report", StringIO()
        values = {"media": str(tmp_path / "uploads"), "report": report, "stdout": said}
        call_command("import_wordpress", path, stderr=said, **(values | options))
        lines = json.loads((report / "report.json").read_text())
        return {line["key"]: line for line in lines}

    return moving


def article_of(pk) -> Article:
    return Origin.objects.get(kind="post", key=str(pk)).article


def test_a_post_is_what_it_was(moving, client):
    moving(
        item(
            10,
            "L'«avion» &amp; nous",
            TEXT.replace(
                "deuxième", '<a href="https://ancien.example/2020/05/autre/">deuxième</a>'
            ),
            creator="zoe",
            terms=[("category", "chasse", "Chasse"), ("post_tag", "rafale", "Rafale")],
            meta={
                "_thumbnail_id": "30",
                "_yoast_wpseo_metadesc": "Pour les moteurs.",
                "_yoast_wpseo_title": "%%title%% %%sep%%",
                "mh-subheading": "Le sous-titre",
                "perso": "gardé",
            },
            raw="<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>Lise"
            "</wp:comment_author><wp:comment_author_email>lise@lecteur.example"
            "</wp:comment_author_email><wp:comment_content>Bien.</wp:comment_content></wp:comment>",
        ),
        item(11, "Autre", name="autre"),
        attachment(
            30,
            "photo.jpg",
            title="Un Rafale",
            excerpt="Vu d’en bas",
            meta={
                "_wp_attachment_image_alt": "Un avion gris",
                "_wp_attachment_metadata": 'a:1:{s:6:"credit";s:3:"AFP";}',
            },
        ),
    )
    article = article_of(10)
    copy = article.published
    assert copy.title == "L’« avion » & nous".replace("« ", "«\u202f").replace(" »", "\u202f»")
    assert copy.published_at == datetime(2020, 5, 1, 8, tzinfo=UTC)
    assert copy.modified_at == datetime(2020, 5, 2, 8, tzinfo=UTC)
    assert (article.standfirst, copy.section.name) == ("Le sous-titre", "Défense")
    assert {tag.name for tag in copy.tags} == {"Rafale", "Chasse"}
    assert [author.name for author in copy.authors] == ["Zoé Vent"]
    assert (article.seo_title, article.seo_description) == ("", "Pour les moteurs.")
    assert 'href="/autre/"' in copy.body
    image = copy.hero_image
    assert (image.title, image.alt, image.caption, image.credit) == (
        "Un Rafale",
        "Un avion gris",
        "Vu d’en bas",
        "AFP",
    )
    kept = Origin.objects.get(kind="post", key="10").kept
    assert kept["fields"]["perso"] == ["gardé"]
    assert kept["comments"][0]["content"] == "Bien."
    assert "lecteur.example" not in json.dumps(kept)
    assert client.get("/article-10/").status_code == 200


def test_the_first_paragraph_stands_as_standfirst_and_the_report_says_so(moving):
    lines = moving(item(10), item(12, excerpt="Un extrait."))
    assert article_of(10).standfirst == LONG
    assert LONG not in article_of(10).body
    assert lines["10"]["remarks"] == [["standfirst", "le premier paragraphe"]]
    assert article_of(12).standfirst == "Un extrait."
    assert LONG in article_of(12).body


SECRET = "Marqueur-Secret"


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"status": "draft"}, "draft"),
        ({"status": "pending"}, "review"),
        ({"status": "private"}, "draft"),
        ({"status": "trash", "meta": {"_wp_desired_post_slug": "parti"}}, "withdrawn"),
        ({"password": "sesame"}, "draft"),
        ({"status": "future", "date_gmt": "2099-01-01 10:00:00"}, "scheduled"),
    ],
)
def test_what_was_not_public_is_not_public(moving, client, fields, state):
    lines = moving(item(10, SECRET, f"<p>{SECRET}</p>", name="secret", **fields))
    assert lines["10"]["outcome"] == "new"
    assert article_of(10).state == state
    for path in ("/secret/", "/?p=10", "/2020/05/secret/", "/feed/", "/recherche/?q=marqueur"):
        assert SECRET not in client.get(path, follow=True).text
    if state == "withdrawn":
        assert client.get("/parti/").status_code == 410


def test_every_old_address_leads_on_in_one_step(moving, client):
    moving(
        item(
            10,
            name="le-rafale",
            link=f"{SITE}/2020/05/le-rafal%C3%A9/",
            meta={"_wp_old_slug": "ancien-nom"},
            terms=[("category", "chasse", "Chasse"), ("post_tag", "rafale-2", "rafalé")],
        ),
        attachment(30, "photo.jpg", parent="10", link=f"{SITE}/2020/05/le-rafale/photo/"),
        item(40, "À propos", type="page", name="la-page", link=f"{SITE}/infos/la-page/", terms=[]),
    )
    for path, destination in {
        "/2020/05/le-rafal%C3%A9/": "/le-rafale/",
        "/2020/05/LE-RAFAL%c3%a9": "/le-rafale/",
        "/2020/05/le-rafale/": "/le-rafale/",
        "/2020/05/01/le-rafale/": "/le-rafale/",
        "/2020/05/ancien-nom/": "/le-rafale/",
        "/?p=10": "/le-rafale/",
        "/?page_id=40": "/la-page/",
        "/?attachment_id=30": "/le-rafale/",
        "/le-rafale": "/le-rafale/",
        "/le-rafale/feed/": "/le-rafale/",
        "/le-rafale/amp/": "/le-rafale/",
        "/le-rafale/comment-page-2/": "/le-rafale/",
        "/2020/05/le-rafale/photo/": "/le-rafale/",
        "/infos/la-page/": "/la-page/",
        "/category/defense/": "/rubrique/defense/",
        "/category/defense/chasse/": "/tag/chasse/",
        "/category/defense/page/3/": "/rubrique/defense/",
        "/?cat=3": "/rubrique/defense/",
        "/tag/rafale-2/": "/tag/rafale/",
        "/author/admin/": "/auteur/admin/",
        "/author/admin/feed/": "/auteur/admin/feed/",
        "/?author=1": "/auteur/admin/",
        "/2020/05/": "/archives/2020/05/",
        "/?tag=rafale-2": "/tag/rafale/",
        "/?category_name=defense/chasse": "/tag/chasse/",
        "/?author_name=admin": "/auteur/admin/",
        "/?name=le-rafale": "/le-rafale/",
        "/?m=202005": "/archives/2020/05/",
        "/?s=rafale": "/recherche/?q=rafale",
        "/?feed=rss2": "/feed/",
    }.items():
        answer = client.get(path)
        assert (path, answer.status_code, answer.headers.get("Location")) == (
            path,
            301,
            destination,
        )
        assert (path, client.get(destination).status_code) == (path, 200)
    assert client.get("/?p=999").status_code == 404
    assert client.get("/rien/de/tel/").status_code == 404


def test_tags_that_are_one_become_one(moving):
    terms = [("category", "defense", "Défense"), ("post_tag", "rafale", "Rafale")]
    moving(item(10, terms=terms), item(11, terms=[terms[0], ("post_tag", "rafale-2", "rafalé")]))
    assert Tag.objects.filter(key="rafale").count() == 1
    assert PublishedArticle.objects.filter(taggings__tag__key="rafale").count() == 2


def test_co_authors_and_guests_sign(moving):
    moving(
        item(
            10,
            terms=[
                ("category", "defense", "Défense"),
                ("author", "cap-invite", "Un invité"),
                ("author", "cap-zoe", "Zoé"),
            ],
        ),
        item(
            50,
            "Un invité",
            type="guest-author",
            name="cap-invite",
            terms=[],
            meta={
                "cap-user_login": "invite",
                "cap-display_name": "Ivan Invité",
                "cap-description": "Pilote.",
                "cap-user_email": "ivan@secret.example",
            },
        ),
        item(11),
    )
    assert [author.name for author in article_of(10).published.authors] == [
        "Ivan Invité",
        "Zoé Vent",
    ]
    assert Author.objects.get(name="Ivan Invité").biography == "Pilote."
    assert [author.name for author in article_of(11).published.authors] == ["admin"]


def test_a_mapping_is_proposed_and_followed(moving, tmp_path):
    file = tmp_path / "mapping.toml"
    items = [item(10, terms=[("category", "chasse", "Chasse")], creator="zoe")]
    path = write(tmp_path, *items)
    call_command("import_wordpress", path, propose_mapping=file, stdout=StringIO())
    text = file.read_text()
    assert '"defense" = "section: Défense"' in text
    assert '"chasse" = "tag: Chasse"' in text
    assert not Origin.objects.exists()
    file.write_text(text.replace("tag: Chasse", "section: Combat").replace("Zoé Vent", "Z. Vent"))
    moving(*items, mapping=file)
    copy = article_of(10).published
    assert (copy.section.name, copy.authors[0].name) == ("Combat", "Z. Vent")
    file.write_text('[categories]\ndefense = "rubrique: x"\n')
    with pytest.raises(CommandError, match="is none of"):
        moving(*items, mapping=file)


def test_a_second_run_doubles_nothing(moving):
    items = [item(10, meta={"_thumbnail_id": "30"}), attachment(30, "photo.jpg")]
    items.append(item(40, "Une page", type="page", terms=[]))
    moving(*items)
    models = [Article, PublishedArticle, Page, Image, Author, Tag, Section, Redirect, Origin]
    before = [model.objects.count() for model in models]
    lines = moving(*items)
    assert {line["outcome"] for line in lines.values()} == {"unchanged"}
    assert [model.objects.count() for model in models] == before


def test_a_later_export_updates_and_overwrites_nothing_that_was_edited(moving):
    moving(item(10, "Un"), item(11, "Deux"))
    edited = article_of(11)
    edited.title = "Deux, revu ici"
    edited.save()
    edited.touch()
    later = [item(10, "Un, revu là-bas"), item(11, "Deux, revu là-bas")]
    lines = moving(*later)
    assert (lines["10"]["outcome"], lines["11"]["outcome"]) == ("updated", "conflict")
    assert article_of(10).published.title == "Un, revu là-bas"
    assert article_of(11).title == "Deux, revu ici"
    assert moving(*later, prefer="ours")["11"]["outcome"] == "kept"
    assert article_of(11).title == "Deux, revu ici"
    assert moving(*later, prefer="theirs")["11"]["outcome"] == "updated"
    assert article_of(11).published.title == "Deux, revu là-bas"
    assert moving(*later)["11"]["outcome"] == "unchanged"


def test_what_was_deleted_here_does_not_come_back(moving):
    moving(item(10, status="draft"))
    article_of(10).delete()
    assert moving(item(10, status="draft"))["10"]["outcome"] == "deleted here"
    assert not Article.objects.exists()


def test_what_was_decided_here_stays(moving, client):
    moving(item(10), item(11, status="draft"))
    unpublish(article_of(10))
    publish(article_of(11))
    lines = moving(item(10, "Revu"), item(11, "Revu", status="draft"))
    assert {lines[key]["outcome"] for key in ("10", "11")} == {"conflict"}
    assert client.get("/article-10/").status_code == 410
    assert client.get("/article-11/").status_code == 200


def test_the_primary_category_is_the_section(moving):
    terms = [("category", "actu", "Actu"), ("category", "defense", "Défense")]
    moving(item(10, terms=terms, meta={"_yoast_wpseo_primary_category": "3"}))
    assert article_of(10).section.name == "Défense"


@pytest.mark.parametrize(("status", "is_shown"), [("publish", True), ("draft", False)])
def test_blocks_that_are_not_public_are_not_shown(moving, status, is_shown):
    block = item(20, "Bloc", f"<p>{SECRET}</p>", type="wp_block", status=status, terms=[])
    moving(item(10, content=f'{TEXT}\n\n<!-- wp:block {{"ref":20}} /-->'), block)
    assert (SECRET in article_of(10).published.body) == is_shown


def test_the_desk_sees_what_has_no_place_here(moving, client):
    comment = "<wp:comment><wp:comment_author>Léa</wp:comment_author><wp:comment_content>"
    comment += "<![CDATA[Bravo <b>!</b>]]></wp:comment_content></wp:comment>"
    moving(
        item(
            10,
            meta={"machin": "Une valeur"},
            raw=comment,
            terms=[("appareil", "rafale-m", "Rafale M"), ("category", "defense", "Défense")],
        )
    )
    client.force_login(make_user(roles.EDITOR))
    history = reverse("admin:articles_article_history", args=[article_of(10).pk])
    page = client.get(history).text
    for words in ("ancien.example/2020/05/article-10/", "Une valeur", "Rafale M", "Bravo", "Léa"):
        assert words in page
    assert "1 commentaire" in page


def test_any_name_can_be_mapped(moving, tmp_path):
    terms = [("category", "🚀-\x7fespace", "🚀 L’« espace »")]
    mapping = tmp_path / "mapping.toml"
    path = write(tmp_path, item(10, terms=terms))
    call_command("import_wordpress", path, propose_mapping=mapping, stdout=StringIO())
    assert Mapping.read(mapping).categories["🚀-\x7fespace"] == ("section", "🚀 L’« espace »")


def test_a_mapping_that_was_changed_is_followed(moving, tmp_path):
    moving(item(10), item(11))
    edited = article_of(11)
    edited.title = "Revu ici"
    edited.save()
    edited.touch()
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[authors]\nadmin = "Zoé Levent"\n[categories]\ndefense = "section: Armées"\n'
    )
    lines = moving(item(10), item(11), mapping=mapping)
    assert [lines[key]["outcome"] for key in ("10", "11")] == ["updated", "conflict"]
    assert [author.name for author in article_of(10).authors.all()] == ["Zoé Levent"]
    assert article_of(10).published.section.name == "Armées"
    Author.objects.filter(name="Zoé Levent").update(name="Zoé L.")  # renamed here since
    assert moving(item(10), item(11), mapping=mapping)["10"]["outcome"] == "unchanged"
    assert not Author.objects.filter(name="Zoé Levent").exists()


def test_an_old_article_is_corrected_without_mending_its_pictures(moving):
    image = f'<img src="{SITE}/wp-content/uploads/2020/05/photo.jpg">'
    moving(item(10, content=f"{TEXT}\n\n{image}"), attachment(30, "photo.jpg"))
    article = article_of(10)
    content = content_of(article)
    lines = check(content, article)
    assert any("crédit" in line.text for line in lines)
    assert blocking(content, article) == []
    content["hero_image"] = make_image(credit="").pk
    assert any("crédit" in line.text for line in blocking(content, article))


def test_old_addresses_of_files_lead_on(moving, client):
    moving(item(10), attachment(30, "photo.jpg"), attachment(31, "plan.pdf"))
    uploads = "/wp-content/uploads/2020/05"
    image = Image.objects.get().file.url
    for name, wanted in (("photo.jpg", image), ("photo-1024x683.jpg", image)):
        assert client.get(f"{uploads}/{name}").headers["Location"] == wanted
    pdf = client.get(f"{uploads}/plan.pdf").headers["Location"]
    assert b"".join(client.get(pdf).streaming_content).startswith(b"%PDF")
    assert client.get(f"{uploads}/perdu.pdf").status_code == 404


def test_an_address_that_is_taken_is_remarked(moving):
    make_published("Déjà là", slug="article-10")
    lines = moving(item(10), item(11))
    assert lines["10"]["remarks"][0] == ["address", "déjà prise ici, elle devient /article-10-2/"]
    assert [kind for kind, _what in lines["11"]["remarks"]] == ["standfirst"]


def test_what_search_engines_were_told_stays(moving, client):
    first = "https://confrere.example/article"
    moving(
        item(10, meta={"_yoast_wpseo_canonical": first, "_yoast_wpseo_meta-robots-noindex": "1"}),
        item(11, meta={"rank_math_canonical_url": f"{SITE}/2020/05/article-11/"}),
        item(12, meta={"_seopress_robots_canonical": f"{SITE}/2020/05/article-11/"}),
        item(13, meta={"_yoast_wpseo_canonical": "javascript:alert(1)"}),
    )
    page = client.get("/article-10/").text
    assert f'<link rel="canonical" href="{first}">' in page
    assert '<meta name="robots" content="noindex">' in page
    told = b"".join(client.get("/sitemap-2020-05.xml")).decode()
    assert ("/article-10/" in told, "/article-11/" in told) == (False, True)
    for slug, canonical in (("11", "11"), ("12", "11"), ("13", "13")):
        page = client.get(f"/article-{slug}/").text
        assert f'rel="canonical" href="https://avion.test/article-{canonical}/"' in page
        assert "noindex" not in page


def test_what_is_withdrawn_there_is_withdrawn_here(moving, client):
    moving(item(10))
    moving(item(10, status="private"))
    assert client.get("/article-10/").status_code == 410


def test_a_run_that_was_killed_goes_on(moving):
    items = [item(10), item(11), item(12)]
    bring, calls = importing.Import._bring_article, []

    def killed(self, post, *more):
        calls.append(post.id)
        line = bring(self, post, *more)
        if post.id == "11":
            raise KeyboardInterrupt
        return line

    with (
        mock.patch.object(importing.Import, "_bring_article", killed),
        pytest.raises(KeyboardInterrupt),
    ):
        moving(*items)
    assert Article.objects.count() == 1
    lines = moving(*items)
    assert [lines[key]["outcome"] for key in ("10", "11", "12")] == ["unchanged", "new", "new"]
    assert Article.objects.count() == 3


def test_an_export_that_breaks_off_keeps_what_came_before(moving, tmp_path):
    path = write(tmp_path, item(10), item(11))
    whole = path.read_text()
    path.write_text(whole[:-700])
    with pytest.raises(CommandError, match="s’interrompt"):
        moving(path)
    assert [article.slug for article in Article.objects.all()] == ["article-10"]
    path.write_text(whole)
    assert {line["outcome"] for line in moving(path).values()} == {"unchanged", "new"}


def test_a_trial_changes_nothing(moving):
    lines = moving(item(10), attachment(30, "photo.jpg"), dry_run=True)
    assert lines["10"]["outcome"] == "new"
    for model in (Article, PublishedArticle, Author, Section, Origin, Redirect, Image):
        assert not model.objects.exists()


def test_an_address_that_is_taken_here_gets_a_number(moving, client):
    make_published("Article 10", slug="article-10")
    moving(item(10, link=f"{SITE}/2020/05/article-10/"), item(11, name="recherche"))
    assert article_of(10).slug == "article-10-2"
    assert client.get("/2020/05/article-10/").headers["Location"] == "/article-10-2/"
    assert article_of(11).slug == "recherche-2"


def test_readers_addresses_go_to_those_that_readers_know(moving):
    same = "https://ancien.example/meme/"
    moving(item(10, name="meme", status="draft"), item(11, name="meme", link=same))
    assert [article_of(pk).slug for pk in (10, 11)] == ["meme-2", "meme"]
    Article.objects.filter(slug="meme-2").update(slug="ailleurs")  # moved here since
    moving(item(9, name="ailleurs"), item(11, name="meme", link=same))
    assert [article_of(pk).slug for pk in (9, 10, 11)] == ["ailleurs-2", "ailleurs", "meme"]


def test_one_post_that_fails_stops_no_other(moving):
    moving(item(10, status="draft"))
    article_of(10).delete()
    make_published("Ici", slug="article-10")
    with pytest.raises(CommandError, match="1 entrée"):
        moving(item(10, status="draft"), item(11), prefer="theirs")
    assert article_of(11).published


def test_pages_come_with_their_state(moving, client):
    def page(**fields):
        return item(40, "Une page", type="page", terms=[], **({"name": "une-page"} | fields))

    assert moving(page(status="draft"))["40"]["outcome"] == "new"
    assert client.get("/une-page/").status_code == 404
    assert "Une page" not in client.get("/").text
    moving(page())
    assert client.get("/une-page/").status_code == 200
    moving(page(status="trash"))
    assert client.get("/une-page/").status_code == 404
    Page.objects.update(slug="autre-adresse")
    assert moving(page())["40"]["outcome"] == "conflict"


def test_a_file_is_the_one_that_was_named(moving):
    """Two uploads, of which one bears the name that WordPress gives a smaller copy."""
    folder = f"{SITE}/wp-content/uploads/2020/05"
    image = f'<img src="{folder}/photo-300x200.jpg">'
    lines = moving(
        item(10, content=f"{TEXT}\n\n{image}"),
        attachment(30, "photo.jpg"),
        attachment(31, "photo-300x200.jpg"),
    )
    assert lines["31"]["outcome"] == "missing"
    assert ["picture", f"{folder}/photo-300x200.jpg"] in lines["10"]["remarks"]


def test_files_come_along_and_missing_ones_are_listed(moving):
    uploads = f"{SITE}/wp-content/uploads/2020/05"
    lines = moving(
        item(
            10,
            content=f'{TEXT}\n\n<img src="{uploads}/photo-300x200.jpg" alt="x">\n\n'
            f'<a href="{uploads}/plan.pdf">plan</a> <img src="{uploads}/parti.jpg">',
        ),
        attachment(30, "photo.jpg"),
        attachment(31, "script.php"),
    )
    copy = article_of(10).published
    image = Image.objects.get()
    assert f'data-picture="{image.pk}"' in copy.body
    [href] = [part.split('"')[0] for part in copy.body.split('href="')[1:]]
    assert href.startswith("/media/files/")
    assert ["picture", f"{uploads}/parti.jpg"] in lines["10"]["remarks"]
    assert lines["31"]["remarks"] == [["file", "d’un type qui n’est pas accepté"]]


def test_names_in_other_letters_get_addresses_that_tell_something(moving):
    moving(
        item(10, "Ελληνικά", name="%ce%b5%cf%80%ce%af-2"),
        item(11, "Greek text", name="%ce%b5%cf%80%ce%af-3"),
        item(12, "Année", name="1914"),
    )
    slugs = [article_of(pk).slug for pk in (10, 11, 12)]
    assert slugs == ["article-10", "greek-text", "1914"]


def test_files_of_other_sites_are_not_taken(moving):
    other = '<img src="https://autre.example/wp-content/uploads/2020/05/photo.jpg">'
    proxied = (
        '<img src="https://i0.wp.com/ancien.example/wp-content/uploads/2020/05/photo.jpg?w=9">'
    )
    moving(item(10, content=f"{TEXT}\n\n{other}"), item(11, content=f"{TEXT}\n\n{proxied}"))
    assert "data-picture" not in article_of(10).published.body
    assert "data-picture" in article_of(11).published.body


def test_a_file_that_is_missing_is_asked_for_once(moving):
    image = f'<img src="{SITE}/wp-content/uploads/2020/05/parti.jpg">'
    with mock.patch("articles.wordpress.media.Folder.fetch", side_effect=MissingFileError) as fetch:
        lines = moving(*(item(pk, content=f"{TEXT}\n\n{image}") for pk in (10, 11, 12)))
    assert fetch.call_count == 1
    assert all(["picture", image.split('"')[1]] in line["remarks"] for line in lines.values())


def test_links_to_drafts_stay_what_they_were(moving):
    link = f'<a href="{SITE}/?p=11">à venir</a> <a href="{SITE}/?p=12">paru</a>'
    moving(item(10, content=f"{TEXT}\n\n{link}"), item(11, status="draft"), item(12))
    assert f'href="{SITE}/?p=11"' in article_of(10).published.body
    assert 'href="/article-12/"' in article_of(10).published.body


def test_links_within_the_old_site_are_led_on_whatever_their_form(moving):
    links = '<a href="/2020/05/article-11/">a</a> <a href="/category/defense/">b</a>'
    moving(item(10, content=f"{TEXT}\n\n{links}"), item(11))
    body = article_of(10).published.body
    assert 'href="/article-11/"' in body
    assert 'href="/rubrique/defense/"' in body


def test_what_was_filed_nowhere_is_no_entry_of_the_menu(moving):
    moving(item(10, terms=[("category", "non-classe", "Non classé")]), item(11))
    shown = dict(Section.objects.values_list("name", "in_menu"))
    assert shown == {"Non classé": False, "Défense": True}


def test_sticky_posts_stand_on_the_front_page(moving):
    moving(item(10), item(11, sticky="1"))
    assert SiteSettings.load().pins() == [article_of(11).pk]


def test_hostile_texts_do_no_harm(moving, client):
    script = '<script>alert(1)</script><img src=x onerror="alert(1)">'
    moving(
        item(
            10,
            f"Titre {script}",
            f"{TEXT}\n\n{script}<a href='javascript:alert(1)'>x</a>",
            excerpt=script,
            terms=[("category", "mal", f"Mal {script}"), ("post_tag", "t", script)],
            meta={"_yoast_wpseo_metadesc": script, "<b>": script},
        )
    )
    page = client.get("/article-10/").text
    assert "alert(1)</script>" not in page
    assert "onerror" not in page
    assert "javascript:alert" not in page


def test_a_text_beyond_measure_stops_nothing(moving):
    with pytest.raises(CommandError, match="1 entrée"):
        moving(item(10, content="<p>mot</p>" * 600_000), item(11))
    assert [article.slug for article in Article.objects.all()] == ["article-11"]


def test_the_themes_test_data_come_over_whole(moving, client):
    lines = moving(THEME_TESTS, no_media=True)
    assert {line["outcome"] for line in lines.values()} <= {"new", "left out"}
    assert sum(line["kind"] == "post" for line in lines.values()) == 51
    for copy in PublishedArticle.objects.live():
        assert client.get(copy.get_absolute_url()).status_code == 200
