"""Checks recorded requests and answers against a vendor's OpenAPI description, with openapi-core.

    check_description.py DESCRIPTION RECORDED

Prints one line for each fault, or how many exchanges are valid. openapi-core checks path, method, parameters, body, status
and answer. Beyond that a parameter of the query that the description does not name is a fault, and logins have to lead
to the addresses that the description names, with scopes that it knows.
"""

import json
import re
import sys
from urllib.parse import parse_qs, parse_qsl, urlsplit

import yaml
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict


# What real accounts answered in spite of the description: `null` in place of a text or an object, numbers as ids of BambooHR's fields, and
# types of Personio's custom attributes in small letters.
KNOWN = re.compile(r"\$\.fields\[\d+\]\.id|\$\['_data'\]\[\d+\]\.custom_attributes\[\d+\]\.type")


class Request:
    """A recorded request, in the form that openapi-core takes."""

    def __init__(self, seen, host):
        headers = {name: value for name, value in seen["headers"].items() if value is not None}
        self.host_url = host
        self.path = seen["path"]
        self.method = seen["method"].lower()
        self.body = seen["body"].encode() or None
        self.content_type = headers.get("content-type", "")
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(seen["query"], keep_blank_values=True)), header=Headers(headers)
        )


class Answer:
    """A recorded answer, in the form that openapi-core takes."""

    headers = Headers()

    def __init__(self, seen):
        self.content_type = seen["content_type"] or ""
        self.data = seen["answer"].encode()
        self.status_code = seen["status"]


class Checker:
    """A vendor's description, and what it allows."""

    def __init__(self, description):
        server = description["servers"][0]
        defaults = {name: variable["default"] for name, variable in server.get("variables", {}).items()}
        address = urlsplit(server["url"].format(**defaults))
        self.host = f"{address.scheme}://{address.netloc}"
        self.paths = {address.path.rstrip("/") + path: own for path, own in description["paths"].items()}
        schemes = description["components"].get("securitySchemes", {})
        self.login = schemes.get("oauth", {}).get("flows", {}).get("authorizationCode")
        self.openapi = OpenAPI.from_dict(description)

    def faults_of_exchange(self, seen):
        if self.login and seen["path"] == self.login["tokenUrl"]:
            return [] if seen["method"] == "POST" else ["tokens are asked for in another way"]
        request = Request(seen, self.host)
        wrong = [f"request: {reason(error)}" for error in self.openapi.iter_request_errors(request)]
        if wrong:
            return wrong
        unnamed = [f"request: {name} is not in the description" for name in self.unnamed(seen)]
        errors = self.openapi.iter_response_errors(request, Answer(seen))
        return unnamed + [f"answer: {reason(error)}" for error in errors if not was_seen(error)]

    def faults_of_login(self, url):
        parts = urlsplit(url)
        if parts.path != self.login["authorizationUrl"]:
            yield f"{parts.path}: people authorize at {self.login['authorizationUrl']}"
        for scope in parse_qs(parts.query).get("scope", [""])[0].split():
            if scope not in self.login["scopes"]:
                yield f"{parts.path}: nobody can authorize {scope}"

    def unnamed(self, seen):
        """The parameters of the query that the description does not name. The path is known to be in it."""
        fits = lambda template: re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), seen["path"])
        path = self.paths[min(filter(fits, self.paths), key=lambda template: template.count("{"))]
        parameters = path.get("parameters", []) + path[seen["method"].lower()].get("parameters", [])
        named = {parameter.get("name") for parameter in parameters}
        return [name for name, _ in parse_qsl(seen["query"], keep_blank_values=True) if name not in named]


def details_of(error):
    """What a value has wrong, place by place, and nothing where the error is of another kind."""
    while error is not None:
        if details := list(getattr(error, "schema_errors", [])):
            return details
        error = error.__cause__
    return []


def is_nothing(detail):
    """Whether a value is `null` in place of a text or an object."""
    return detail.instance is None and detail.schema.get("type") in ("string", "object")


def is_list_beside_itself(detail):
    """Whether a list is no object, which Personio's description of lists in version 1 asks for beside the list."""
    return detail.json_path == "$.data" and isinstance(detail.instance, list) and detail.schema.get("type") == "object"


def was_seen(error):
    """Whether an answer has nothing wrong but what a real account has answered."""
    details = details_of(error)
    known = (is_nothing, is_list_beside_itself, lambda detail: KNOWN.fullmatch(detail.json_path))
    seen = [any(is_known(detail) for is_known in known) for detail in details]
    return bool(seen) and all(seen)


def reason(error):
    """What is wrong, in short: of a value that does not fit, its place; else what the error says."""
    if details := details_of(error):
        return "; ".join(f"{detail.json_path}: {detail.message}" for detail in details)
    said = []
    while error is not None:
        said.append(str(error))
        error = error.__cause__
    return "; ".join(dict.fromkeys(said))


def main():
    description, recorded = sys.argv[1:]
    with open(description, encoding="utf-8") as file:
        checker = Checker(yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    with open(recorded, encoding="utf-8") as file:
        record = json.load(file)
    faults = list(checker.faults_of_login(record["authorize_url"])) if checker.login else []
    for seen in record["exchanges"]:
        place = f"{seen['method']} {seen['path']}"
        faults += [f"{place}?{seen['query']}: {fault}" for fault in checker.faults_of_exchange(seen)]
    print("\n".join(dict.fromkeys(faults)) if faults else f"{len(record['exchanges'])} exchanges are valid")


if __name__ == "__main__":
    main()
