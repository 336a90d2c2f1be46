"""The description of the API for programs: OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0)."""

from django.urls import reverse

from articles.reading.feeds import root

PER_PAGE, MOST = 20, 100  # articles in an answer
TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
ADDRESS = {"type": "string", "format": "uri"}
MOMENT = {"type": "string", "format": "date-time"}


def described(name) -> dict:
    """Return the description of the API. name: of the title."""
    named = {
        "type": "object",
        "properties": {"name": TEXT, "slug": TEXT, "url": ADDRESS},
        "required": ["name", "slug", "url"],
    }
    image = {
        "type": ["object", "null"],
        "properties": {
            "url": ADDRESS,
            "width": NUMBER,
            "height": NUMBER,
            "alt": TEXT,
            "caption": TEXT,
            "credit": TEXT,
        },
    }
    summary = {
        "id": NUMBER,
        "url": ADDRESS,
        "api_url": ADDRESS,
        "title": TEXT,
        "kicker": TEXT,
        "standfirst": TEXT,
        "section": {"$ref": "#/components/schemas/Named"},
        "authors": {"type": "array", "items": {"$ref": "#/components/schemas/Named"}},
        "tags": {"type": "array", "items": {"$ref": "#/components/schemas/Named"}},
        "image": image,
        "published_at": MOMENT,
        "modified_at": MOMENT,
        "word_count": NUMBER,
        "genre": TEXT,
        "mining": TEXT | {"enum": ["", "reserved", "open"]},
        "ai": {
            "type": ["object", "null"],
            "properties": {
                "use": TEXT | {"enum": ["none", "assisted", "generated"]},
                "note": TEXT,
                "reviewed_by": TEXT,
                "reviewed_on": {"type": ["string", "null"], "format": "date"},
            },
        },
    }
    corrections = {
        "type": "array",
        "items": {"type": "object", "properties": {"at": MOMENT, "wrong": TEXT, "right": TEXT}},
    }
    whole = summary | {"body": TEXT | {"description": "HTML"}, "corrections": corrections}
    page = {
        "articles": {"type": "array", "items": {"$ref": "#/components/schemas/Summary"}},
        "next": {"type": ["string", "null"], "format": "uri"},
    }
    error = {
        "description": "What is wrong",
        **_content({"type": "object", "properties": {"error": TEXT}}),
    }
    parameters = [
        _parameter("section", TEXT),
        _parameter("tag", TEXT),
        _parameter("author", TEXT),
        _parameter("since", TEXT),
        _parameter("until", TEXT),
        _parameter("limit", NUMBER | {"minimum": 1, "maximum": MOST, "default": PER_PAGE}),
        _parameter("cursor", TEXT),
    ]
    return {
        "openapi": "3.1.0",
        "info": {"title": name, "version": "1"},
        "servers": [{"url": root()}],
        "paths": {
            reverse("api-articles"): {
                "get": {
                    "operationId": "articles",
                    "parameters": parameters,
                    "responses": {
                        "200": {"description": "Newest first", **_content(_object(page))},
                        "400": error,
                    },
                }
            },
            f"{reverse('api-articles')}{{id}}/": {
                "get": {
                    "operationId": "article",
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": NUMBER}
                    ],
                    "responses": {
                        "200": {
                            "description": "The article",
                            **_content({"$ref": "#/components/schemas/Article"}),
                        },
                        "404": error,
                    },
                }
            },
        },
        "components": {
            "schemas": {"Named": named, "Summary": _object(summary), "Article": _object(whole)}
        },
    }


def _object(properties) -> dict:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _content(schema) -> dict:
    return {"content": {"application/json": {"schema": schema}}}


def _parameter(name, schema) -> dict:
    return {"name": name, "in": "query", "schema": schema}
