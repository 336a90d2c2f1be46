"""`once`: what every page carries, rendered once a generation rather than for each page."""

from django import template

from articles.reading.remembering import Remembered

register = template.Library()


@register.tag
def once(parser, _token):
    """Keep what stands within for all readers: `{% once %}…{% endonce %}`.

    It may depend on the settings, the menu and the day, on nothing of the page; no block may stand
    in it.
    """
    nodes = parser.parse(["endonce"])
    parser.delete_first_token()
    return Once(nodes)


class Once(template.Node):
    def __init__(self, nodelist):
        self.nodelist = nodelist
        self.kept = Remembered(nodelist.render)

    def render(self, context):
        return self.kept.get(context["request"], context)
