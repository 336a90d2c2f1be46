"""Questions that Django writes in SQL once; asked again, only their values are put in.

Readers' pages ask the same few questions with other values each time, and Django takes several
times as long to build a queryset and its SQL as the database to answer it (docs/performance.md).

    IN_SECTION = Prepared(lambda now, section: PublishedArticle.objects.live(now).filter(…))
    articles = IN_SECTION(now=timezone.now(), section=3)
"""

import json
import re
from collections.abc import Callable
from copy import copy
from datetime import date, datetime

from django.db import connections, models
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

DATE = re.compile(r"\d{4}-\d\d-\d\d($| )")  # as SQLite is given dates and moments


class Given(models.Expression):
    """The place of a value that is known once the question is asked."""

    def __init__(self, name):
        super().__init__()
        self.name = name

    def as_sql(self, _compiler, _connection):
        return "%s", [self]

    def put(self, value, connection):
        """Return a value as the database is given it."""
        if isinstance(value, datetime):
            return connection.ops.adapt_datetimefield_value(value)
        return value


class GivenIds(Given):
    """The place of a list of ids, of any length."""

    def as_sqlite(self, _compiler, _connection):
        return "(SELECT value FROM json_each(%s))", [self]

    def as_postgresql(self, _compiler, _connection):
        return "(SELECT unnest(%s::bigint[]))", [self]

    def put(self, value, connection):
        return json.dumps(value) if connection.vendor == "sqlite" else value


class After(models.Subquery):
    """The rows of a sliced queryset, so many further on."""

    template = "(%(subquery)s OFFSET %%s)"

    def __init__(self, queryset, passed: Given):
        super().__init__(queryset)
        self.passed = passed

    def as_sql(self, compiler, connection, template=None, **extra_context):
        sql, params = super().as_sql(compiler, connection, template, **extra_context)
        return sql, [*params, self.passed]


class Prepared:
    """A queryset with places for its values, and with what it prefetches.

    build: returns the queryset; it is given a place for each value, and None where the value is
    None. All that differs from one page to the next must come this way, the present above all.
    """

    def __init__(self, build: Callable[..., models.QuerySet]):
        self._build = build
        self._written: dict[tuple[str, ...], _Written] = {}

    def __call__(self, **values) -> list:
        """Ask, and return the rows."""
        names = tuple(name for name, value in values.items() if value is not None)
        if names not in self._written:
            places = {name: _place(name, value) for name, value in values.items()}
            self._written[names] = _Written(self._build(**places))
        return self._written[names].rows(values)

    def first(self, **values):
        """Ask, and return the first row, or None."""
        return next(iter(self(**values)), None)


def _place(name, value) -> Given | None:
    if value is None:
        return None
    return GivenIds(name) if isinstance(value, list) else Given(name)


class _Written:
    """A queryset and its SQL, by the database that it is for."""

    def __init__(self, queryset):
        self.queryset = queryset
        self.compilers: dict[str, _Compiler] = {}
        prefetches = queryset._prefetch_related_lookups
        self.children = [Children(queryset.model, each) for each in prefetches]

    def rows(self, values) -> list:
        alias = self.queryset.db
        if alias not in self.compilers:
            self.compilers[alias] = _Compiler(self.queryset.query.clone().get_compiler(alias))
        question = _Question(self.compilers[alias], values)
        rows = self.queryset._iterable_class  # models, tuples, …
        found = list(rows(models.QuerySet(self.queryset.model, question, alias)))
        for children in self.children if found else ():
            children.attach(found, **values)
        return found


class Children:
    """Rows that point at others, such as the bylines of articles: what a Prefetch speaks of."""

    def __init__(self, model, prefetch):
        self.name, queryset = prefetch.prefetch_to, prefetch.queryset
        pointer = model._meta.get_field(self.name).field
        self.pointer = pointer.attname
        is_asked = f"{pointer.name}__in"
        self.of = Prepared(lambda parents, **_values: queryset.filter(**{is_asked: parents}))

    def attach(self, parents, **values):
        """Give each parent its rows, where prefetch_related() leaves them, for `.all()`."""
        rows: dict[int, list] = {parent.pk: [] for parent in parents}
        for row in self.of(parents=list(rows), **values):
            rows[getattr(row, self.pointer)].append(row)
        for parent in parents:
            kept = vars(parent).setdefault("_prefetched_objects_cache", {})
            kept[self.name] = rows[parent.pk]


class _Compiler(SQLCompiler):
    """A compiler of Django's that has written its SQL; later it only puts values into it."""

    def __init__(self, wrote):
        self.sql, self.places = wrote.as_sql()
        for each in self.places:
            if isinstance(each, date) or DATE.match(str(each)):  # a datetime is a date
                raise ValueError(f"A prepared question would always ask about {each}.")
        vars(self).update(vars(wrote))
        self.converters = wrote.get_converters([each[0] for each in wrote.select])

    def asked(self, connection, values):
        """Return a compiler for one question, on the thread's own connection."""
        copied = copy(self)
        copied.connection = connection
        copied.places = [
            each.put(values[each.name], connection) if isinstance(each, Given) else each
            for each in self.places
        ]
        return copied

    def as_sql(self, *_args, **_kwargs):
        return self.sql, self.places

    def get_converters(self, _expressions):
        return self.converters


class _Question(Query):
    """What a queryset runs in place of a query that it would write."""

    def __init__(self, written, values):
        self.written, self.values = written, values

    def get_compiler(self, using=None, connection=None, elide_empty=True):
        return self.written.asked(connections[using], self.values)
