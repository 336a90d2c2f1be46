import re
from datetime import datetime
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from authors.models import labelled_links, validate_pages
from avion import colours, icons

ROBOTS_LINE = re.compile(r"\s*(#.*|(User-agent|Allow|Disallow|Sitemap|Crawl-delay)\s*:.*)?", re.I)
LEGAL = ["publication_director", "publisher", "host", "contact_email"]  # what the law wants said


def validate_robots(text):
    """Refuse lines that no crawler knows (RFC 9309)."""
    for line in text.splitlines():
        if not ROBOTS_LINE.fullmatch(line):
            raise ValidationError(_("“%s” is no line of robots.txt.") % line)


class Generation(models.Model):
    """The number that every change readers can see moves on: see avion/pagecache/generation.py."""

    number = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="generation_one_row", condition=models.Q(pk=1))]

    def __str__(self):
        return str(self.number)


class TimerRun(models.Model):
    """When a timer is due, and until when the one who is at it has it: see avion/timers.py.

    done_at: when the last backup was made; of others it is not noted.
    """

    name = models.CharField(max_length=50, primary_key=True)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.name


class SiteSettings(models.Model):
    """What the title says about itself: one row, edited in the admin."""

    name = models.CharField(_("name of the title"), max_length=80, default="Avion")
    tagline = models.CharField(_("tagline"), max_length=160, blank=True)
    logo = models.ImageField(
        _("logo"),
        upload_to="logo/",
        blank=True,
        help_text=_("Stands before the name; left empty, the aircraft stands there."),
    )
    wordmark = models.FileField(
        _("wordmark"),
        upload_to="logo/",
        blank=True,
        help_text=_("The name as it is drawn (SVG or picture), in place of logo and name."),
    )
    wordmark_dark = models.FileField(
        _("wordmark on dark"),
        upload_to="logo/",
        blank=True,
        help_text=_("For readers whose pages are dark; left empty, the same."),
    )
    icon = models.FileField(
        _("icon"),
        upload_to="icon/",
        blank=True,
        help_text=_("A square picture of at least 512 pixels: tabs, bookmarks, start screens."),
    )
    icon_drawing = models.FileField(
        _("icon as SVG"), upload_to="icon/", blank=True, help_text=_("Sharper in tabs; optional.")
    )
    paper = models.CharField(_("paper by day"), max_length=7, blank=True)
    paper_dark = models.CharField(_("paper by night"), max_length=7, blank=True)
    signal = models.CharField(
        _("signal colour by day"),
        max_length=7,
        blank=True,
        help_text=_("Section labels, alerts, the current entry of the menu."),
    )
    signal_dark = models.CharField(_("signal colour by night"), max_length=7, blank=True)
    links = models.CharField(_("links by day"), max_length=7, blank=True)
    links_dark = models.CharField(_("links by night"), max_length=7, blank=True)
    independence_line = models.CharField(
        _("independence line"),
        max_length=300,
        blank=True,
        help_text=_("Printed under every article: who owns this title, and who does not."),
    )
    about = models.TextField(
        _("about the title"), blank=True, help_text=_("Two or three sentences, for the footer.")
    )
    publication_director = models.CharField(_("publication director"), max_length=150, blank=True)
    publisher = models.CharField(
        _("publisher"), max_length=300, blank=True, help_text=_("Company, legal form, address.")
    )
    host = models.CharField(
        _("host"), max_length=300, blank=True, help_text=_("Name, address, telephone.")
    )
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    social_links = models.TextField(
        _("social networks"),
        blank=True,
        validators=[validate_pages],
        help_text=_("Addresses of the title's own accounts, one a line."),
    )

    # Who stands behind the title, as the Journalism Trust Initiative (CEN CWA 17493) and NewsGuard
    # ask: see templates/statements/transparence.html.
    founded = models.PositiveSmallIntegerField(
        _("founded in"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1605)],  # the year of the first newspaper
    )
    mission = models.TextField(
        _("mission"), blank=True, help_text=_("What the title covers, for whom, and why.")
    )
    editor_in_chief = models.CharField(_("editor in chief"), max_length=150, blank=True)
    owners = models.TextField(
        _("owners"), blank=True, help_text=_("People and companies, with their shares.")
    )
    interests = models.TextField(
        _("interests"),
        blank=True,
        help_text=_(
            "Of owners and editors, in what the title writes about: offices, shares, posts."
        ),
    )
    funding = models.TextField(
        _("funding"),
        blank=True,
        help_text=_(
            "Where the money comes from: sales, gifts, advertising, public aid, in what part."
        ),
    )
    ai_policy = models.TextField(
        _("use of artificial intelligence"),
        blank=True,
        help_text=_("What the newsroom uses it for, what it never does, who answers for it."),
    )
    complaints = models.TextField(
        _("complaints"),
        blank=True,
        help_text=_("Who hears whoever is not satisfied by an answer: mediator, press council."),
    )
    associations = models.TextField(
        _("associations"),
        blank=True,
        validators=[validate_pages],
        help_text=_("Addresses of those that the title belongs to, one a line, for trust.txt."),
    )

    # What machines are told: see avion/terms.py.
    ai_crawlers = models.CharField(
        _("crawlers of artificial intelligence"),
        max_length=10,
        blank=True,
        default="training",
        choices=[
            ("", _("may all read the site")),
            ("training", _("may answer from it, not train on it")),
            ("all", _("are all refused")),
        ],
        help_text=_("Asked in robots.txt: those that keep to it stay away."),
    )
    tdm_reserved = models.BooleanField(
        _("text and data mining reserved"),
        default=True,
        help_text=_("Directive (EU) 2019/790, article 4: mining then needs your leave."),
    )
    tdm_policy = models.URLField(
        _("address of the terms of mining"), blank=True, help_text=_("Who grants it, and how.")
    )
    robots_txt = models.TextField(
        _("robots.txt, further lines"),
        blank=True,
        validators=[validate_robots],
        help_text=_("Before the first User-agent: for all."),
    )
    ai_txt = models.TextField(_("ai.txt"), blank=True)
    llms_txt = models.TextField(_("llms.txt"), blank=True)
    ads_txt = models.TextField(
        _("ads.txt"), blank=True, help_text=_("Who may sell the site's advertising, if anybody.")
    )

    ai_statement_required = models.BooleanField(
        _("every article states the part of artificial intelligence"),
        default=False,
        help_text=_("No article is then published without it. Readers see what was stated."),
    )

    # The front page: see avion/front.py.
    front = models.JSONField(default=list, editable=False)  # [{"article": id or None, "until": …}]
    front_sections = models.JSONField(default=list, editable=False)  # ids in order; none: all
    front_most_read = models.BooleanField(default=True, editable=False)
    front_dossiers = models.BooleanField(default=True, editable=False)
    alert_text = models.CharField(max_length=200, blank=True, editable=False)
    alert_address = models.CharField(max_length=300, blank=True, editable=False)
    alert_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [
            models.CheckConstraint(name="site_settings_one_row", condition=models.Q(pk=1))
        ]

    def __str__(self):
        return self.name

    @classmethod
    def load(cls):
        """Return the settings; those of a new site if none were saved yet."""
        return cls.objects.first() or cls(pk=1)

    @property
    def colours(self) -> dict[str, tuple[str, str]]:
        """The colours by their field: (light, dark), those of Avion where none was chosen."""
        return {
            name: (getattr(self, name) or light, getattr(self, f"{name}_dark") or dark)
            for name, (_property, light, dark) in colours.COLOURS.items()
        }

    @property
    def dress(self) -> str:
        """The style sheet of the title's own colours; "" without any."""
        return colours.stylesheet(self.colours)

    @property
    def dress_version(self) -> str:
        """What changes with the colours, so that their style sheet may be kept for good."""
        return sha256(self.dress.encode()).hexdigest()[:8] if self.dress else ""

    def icon_addresses(self) -> dict[int, str]:
        """Return {pixels: address} of the title's icon; {} if it has none of its own."""
        if not self.icon:
            return {}
        storage = self.icon.storage
        return {size: storage.url(icons.name_of(self.icon.name, size)) for size in icons.SIZES}

    def pins(self, at=None) -> list[int | None]:
        """Return the ids of the articles that the newsroom placed on the front page, in order.

        None of a place that is empty, or whose end has come. at: a moment; None means now.
        """
        now = at or timezone.now()
        return [
            None
            if place["until"] and datetime.fromisoformat(place["until"]) <= now
            else place["article"]
            for place in self.front
        ]

    def ends_of_places(self) -> list[datetime]:
        """Return the moments at which a place on the front page falls to the newest again."""
        return [datetime.fromisoformat(place["until"]) for place in self.front if place["until"]]

    def alert(self, at=None) -> dict | None:
        """Return {"text", "address"} of the alert that is on at a moment; None if none is."""
        now = at or timezone.now()
        is_on = self.alert_text and self.alert_until and self.alert_until > now
        return {"text": self.alert_text, "address": self.alert_address} if is_on else None

    def missing(self) -> list[str]:
        """Return the names of what the law or the readers want and is not filled in."""
        wanted = ["independence_line", *LEGAL]
        return [
            str(field.verbose_name)
            for field in self._meta.fields
            if field.name in wanted and not getattr(self, field.name)
        ]

    @property
    def social_link_list(self) -> list[tuple[str, str]]:
        """(address, words) of the title's own accounts."""
        return labelled_links(self.social_links)
