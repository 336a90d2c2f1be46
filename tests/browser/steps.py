"""What people do at the desk again and again."""

import re

from playwright.sync_api import expect

from tests.factories import PASSWORD


def sign_in(page, user):
    page.goto("/admin/")
    page.fill("#id_login", user.email)
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    expect(page.locator("#user-tools")).to_contain_text(user.name)


def choose(page, field, words):
    """Pick an entry in one of the admin's search fields."""
    page.locator(f"#{field} + .select2, #{field} ~ .select2").first.click()
    page.locator(".select2-search__field").last.fill(words)
    page.locator(".select2-results__option", has_text=re.compile(words)).first.click()


def press(page, name):
    with page.expect_navigation():
        page.locator(f"button[name={name}]").click()
    expect(page.locator(".messagelist")).to_be_visible()
