"""What descriptions of routes are built from."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
COUNT: Schema = {"type": "integer", "minimum": 0}
KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "maxLength": 255},
}
PROBLEM: Schema = {
    "description": "an error",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def listed(summary: str, parameters: list[Schema], *, geojson: bool = False) -> Schema:
    """Describe a list with its pages."""
    content = {"application/json": {"schema": ref("Page")}}
    if geojson:
        content["application/geo+json"] = {"schema": {"type": "object"}}
    return {
        "summary": summary,
        "parameters": [
            query("limit", "at most 2000 are given", type="integer", minimum=1),
            query("cursor", "as given in next"),
            *parameters,
        ],
        "responses": {"200": {"description": "a page", "content": content}, "default": PROBLEM},
    }


def act(
    summary: str,
    parameters: list[Schema],
    *,
    body: Schema | None = None,
    gives: Schema | None = None,
    status: int = 200,
) -> Schema:
    """Describe an act."""
    made: Schema = {
        "summary": summary,
        "parameters": parameters,
        "responses": responses(gives or {"type": "object"}, status=status),
    }
    if body is not None:
        made["requestBody"] = {"required": True, "content": body}
    return made


def responses(schema: Schema, *others: int, status: int = 200) -> Schema:
    """Describe what is answered, and that all else is a problem."""
    answers: Schema = {
        str(status): {"description": "done", "content": {"application/json": {"schema": schema}}}
    }
    answers |= {str(other): {"description": "as the reader has it"} for other in others}
    return {**answers, "default": PROBLEM}


def body_of(**properties: Schema) -> Schema:
    """Describe a JSON body with these members."""
    return {"application/json": {"schema": {"type": "object", "properties": properties}}}


def query(name: str, description: str, **schema: Any) -> Schema:
    """Describe a parameter of the query."""
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "string", **schema},
    }


def in_path(name: str, **schema: Any) -> Schema:
    """Describe a part of the path."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", **schema}}


def ref(name: str) -> Schema:
    """Name a schema of ``SCHEMAS``."""
    return {"$ref": f"#/components/schemas/{name}"}


DRILL = query("drill", "true: of drills alone; all: both; without it: none", enum=["true", "all"])

SCHEMAS: Schema = {
    "Problem": {
        "type": "object",
        "properties": {"type": TEXT, "title": TEXT, "status": COUNT, "detail": TEXT},
    },
    "Page": {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"type": "object"}},
            "next": {"type": ["string", "null"]},
        },
    },
    "Report": {
        "type": "object",
        "properties": {
            "accepted": COUNT,
            "unchanged": COUNT,
            "rejected": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "index": COUNT,
                        "id": {"type": ["string", "null"]},
                        "field": TEXT,
                        "reason": TEXT,
                    },
                },
            },
        },
    },
    "Snapshot": {
        "type": "object",
        "properties": {
            "topic": TEXT,
            "seq": COUNT,
            "columns": TEXTS,
            "rows": {"type": "array", "items": {"type": "array"}},
        },
    },
}
