"""The shape of the code: imports point one way, and readers' code never names a working copy."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ["avion", "articles", "authors"]  # each may import those after it
READERS = ["articles/reading", "articles/search", "articles/templatetags"]
DESK = ["articles.desk", "articles.admin", "articles.wordpress"]


def modules(folder):
    return [path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]


def imports(path):
    """Yield every module and `module.name` that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name, packages):
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("app", APPS)
def test_imports_point_one_way(app):
    forbidden = APPS[: APPS.index(app)]
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules(app)
        for name in imports(path)
        if within(name, forbidden)
    ]
    assert found == []


def test_authors_name_articles_by_no_related_name():
    from authors.models import Author, User

    for model in (Author, User):
        reverse = {relation.get_accessor_name() or "+" for relation in model._meta.related_objects}
        named = {name for name in reverse if not name.endswith("+")}
        own = {"author", "invitation"}
        of_packages = {"logentry_set", "authenticator_set", "usersession_set", "emailaddress_set"}
        assert named <= own | of_packages


@pytest.mark.parametrize("folder", READERS)
def test_readers_code_imports_neither_desk_nor_working_copy(folder):
    forbidden = [*DESK, "articles.models.article", "articles.models.Article"]
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules(folder)
        for name in imports(path)
        if within(name, forbidden)
    ]
    assert found == []


@pytest.mark.parametrize("folder", READERS)
def test_readers_code_does_not_speak_of_the_working_copy(folder):
    for path in modules(folder):
        names = {
            node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)
        }
        assert not names & {"Article", "Byline", "Tagging"}, path


def test_rows_that_others_refer_to_are_locked_so_that_these_need_not_wait():
    """A commit that checks a foreign key holds the triggers' lock: see articles/triggers.py."""
    nobody_refers_to = {"articles/reading/counting.py", "articles/announcing.py"}
    calls = [
        (str(path.relative_to(ROOT)), ast.unparse(node))
        for path in modules("articles")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
    ]
    assert len(calls) > 10
    assert [
        call for path, call in calls if path not in nobody_refers_to and "no_key=True" not in call
    ] == []
