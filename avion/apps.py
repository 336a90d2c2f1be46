"""Wiring: what the apps must know of each other is tied here and nowhere else."""

import atexit

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.core.checks import Tags, register
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


def close_pools():
    """End the threads of PostgreSQL's pools: at its exit Python would wait 5 s for each."""
    for connection in connections.all(initialized_only=True):
        if close_pool := getattr(connection, "close_pool", None):  # SQLite has none
            close_pool()


def report_faults_to(dsn):
    """Report faults to a Sentry, without what people typed, their addresses or local variables."""
    import sentry_sdk

    sentry_sdk.init(dsn, max_request_body_size="never", include_local_variables=False)


class AvionConfig(AppConfig):
    name = "avion"
    verbose_name = _("Site")

    def ready(self):
        from articles.desk import checks
        from articles.publishing import counted
        from articles.reading.counting import tally
        from articles.reading.lost import hits, misses
        from articles.search.index import ensure_index, release_table
        from authors.roles import apply_roles
        from avion import house_rules
        from avion.checks import check_legal_notice, check_site_url
        from avion.pagecache.generation import ensure_triggers, release_tables

        checks.further.append(house_rules.ai_statement)
        if settings.SENTRY_DSN:
            report_faults_to(settings.SENTRY_DSN)
        register(check_site_url, Tags.security, deploy=True)
        register(check_legal_notice, deploy=True)
        atexit.register(close_pools)
        for waiting in (tally, misses, hits):
            atexit.register(waiting.write)  # before the pools are closed
        # Avion is the last app: when it is migrated, every app's permissions exist.
        post_migrate.connect(apply_roles, sender=self)
        pre_migrate.connect(release_table, sender=self)
        post_migrate.connect(counted.ensure_counts, sender=self)
        pre_migrate.connect(counted.release_tables, sender=self)
        post_migrate.connect(ensure_triggers, sender=self)
        pre_migrate.connect(release_tables, sender=self)
        # Last: it takes long, and may be broken off.
        post_migrate.connect(ensure_index, sender=self)


class DeskConfig(AdminConfig):
    default_site = "avion.desk.Desk"
