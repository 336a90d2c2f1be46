"""What each kind of record holds: the names of the fields that are copied as they are."""

from articles.desk import content

VERSION = 1
FILE, MEDIA = "site.jsonl", "media"  # of the folder
PICTURE = r'data-file="(\d+)"'  # in bodies: the `key` of a picture's record
TEXTS = {
    "author": ["name", "job_title", "biography", "links"],
    "section": ["name", "description", "position", "in_menu"],
    "tag": ["name", "description", "seo_title", "seo_description"],
    "image": [
        "title",
        "alt",
        "is_decorative",
        "caption",
        "credit",
        "licence",
        "licence_url",
        "creator",
        "copyright",
        "source_url",
        "city",
        "keywords",
        "focal_x",
        "focal_y",
    ],
    "article": [
        "title",
        "kicker",
        "standfirst",
        "body",
        "hero_caption",
        "seo_title",
        "seo_description",
        "genre",
        "canonical_url",
        "robots",
        "translations",
        "ai_use",
        "ai_note",
        "ai_reviewed_by",
        "mining",
        "embargo_note",
        "stage",
        "feed_id",
        "last_public_slug",
    ],
    "page": ["title", "body", "is_public", "position", "in_footer"],
    "dossier": ["title", "introduction", "position", "on_front"],
}
# Of the readers' copy of an article that the desk has changed since.
READERS_TEXTS = [*(name for name in content.TEXTS if name != "embargo_note"), "ai_reviewed_on"]
KEPT = ["fields", "comments", "terms"]  # of where an article came from
DATES = {"article": ["ai_reviewed_on"], "image": ["usable_until", "taken_on"]}
MOMENTS = {
    "article": ["embargo_until", "first_published_at", "created_at", "updated_at"],
    "published": ["published_at", "modified_at", "first_published_at", "withdrawn_at"],
}
