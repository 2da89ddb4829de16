"""Checks recorded requests to a Merge, and its answers, against the vendor's own client: what its methods take, and its models have.

    check_merge.py RECORDED

Prints one line for each fault, or how many exchanges are valid. A parameter or a member of a body that the method does not take is a
fault; so is a member of an answer that the model does not have, one that the model has and the answer does not, and a word that is none of
the vendor's, though the client takes it.
"""

import enum
import inspect
import json
import re
import sys
import typing
from urllib.parse import parse_qsl

import pydantic
from merge.client import Merge

HRIS = Merge(base_url="http://127.0.0.1:9/api", api_key="", account_token="").hris

# Which method asks for what stands at a path.
METHODS = {
    "GET account-details": HRIS.account_details.retrieve,
    "GET account-token/{public_token}": HRIS.account_token.retrieve,
    "GET bank-info": HRIS.bank_info.list,
    "GET companies": HRIS.companies.list,
    "GET employees": HRIS.employees.list,
    "GET employments": HRIS.employments.list,
    "GET groups": HRIS.groups.list,
    "GET linked-accounts": HRIS.linked_accounts.list,
    "GET locations": HRIS.locations.list,
    "GET sync-status": HRIS.sync_status.list,
    "GET teams": HRIS.teams.list,
    "POST link-token": HRIS.link_token.create,
}

# Words of HR systems that the vendor has none for are passed on. The emulator does so where it marks what no reader may keep.
PASSED_ON = {"ethnicity", "marital_status"}


def parts(annotation):
    """The types that an annotation names, at any depth."""
    arguments = typing.get_args(annotation)
    return [part for argument in arguments for part in parts(argument)] if arguments else [annotation]


def words_of(annotation):
    """The words of the enumerations and literals that an annotation names."""
    words = set()
    for part in parts(annotation):
        if isinstance(part, type) and issubclass(part, enum.Enum):
            words |= {word.value for word in part}
        elif isinstance(part, str):
            words.add(part)
    return words


def faults_of(value, place):
    """What is wrong with a value as the client has read it."""
    if isinstance(value, list):
        for one in value:
            yield from faults_of(one, place)
    if not isinstance(value, pydantic.BaseModel):
        return
    model = type(value)
    for name in value.model_extra or {}:
        yield f"{place}.{name} is no member of {model.__name__}"
    for name, field in model.model_fields.items():
        held = getattr(value, name)
        if name not in value.model_fields_set:
            yield f"{place}.{name} is missing"
        words = words_of(field.annotation)
        if words and name not in PASSED_ON and isinstance(held, str) and getattr(held, "value", held) not in words:
            yield f"{place}.{name} is none of the vendor's words"
        yield from faults_of(held, f"{place}.{name}")


def faults_of_exchange(seen):
    path = seen["path"].removeprefix("/api/hris/v1/")
    path = re.sub("^account-token/[^/]+$", "account-token/{public_token}", path)
    method = METHODS.get(f"{seen['method']} {path}")
    if method is None:
        return ["the vendor's client has no such request"]
    taken = inspect.signature(method).parameters
    asked = dict(parse_qsl(seen["query"], keep_blank_values=True)) | (json.loads(seen["body"]) if seen["body"] else {})
    faults = [f"{name} is not taken" for name in asked if name not in taken]
    for name in ("expand", "categories"):
        given = asked.get(name, [])
        given = given.split(",") if isinstance(given, str) else given
        words = words_of(taken[name].annotation) if name in taken else set()
        faults += [f"{name} does not take {word}" for word in given if word not in words]
    needed = [name for name, own in taken.items() if own.default is inspect.Parameter.empty and "{" not in path]
    faults += [f"{name} is needed" for name in needed if name not in asked]
    model = inspect.signature(method).return_annotation
    return faults + list(faults_of(model.model_validate_json(seen["answer"]), model.__name__))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        exchanges = json.load(file)["exchanges"]
    faults = [f"{seen['method']} {seen['path']}: {fault}" for seen in exchanges for fault in faults_of_exchange(seen)]
    print("\n".join(dict.fromkeys(faults)) if faults else f"{len(exchanges)} exchanges are valid")


if __name__ == "__main__":
    main()
