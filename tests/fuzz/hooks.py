"""What the fuzzer has to know: ids of objects that exist, and the objects that must stay while the fuzzer works.

Three of four requests name objects that exist, so that handlers behind the door are reached; the others name anything at
all. Waiting is cut short: a preview that waits proves no more than a preview that does not wait.
"""

import json
import os
import pathlib

import schemathesis

KNOWN = json.loads(os.environ["ROLLCALL_KNOWN"])
REACHED = pathlib.Path(os.environ["ROLLCALL_REACHED"])

# Deleting these would end objects that other requests need: they are deleted only under made-up names.
ENDS = ("/v1/connections/{id}", "/v1/tenants/{tenant}", "/v1/tenants/{tenant}/people/{employee_id}")

reached = {}


def pick(choices, case):
    """Returns one choice; requests that are equal get one choice, so that a run can be repeated by its seed."""
    return choices[sum(map(ord, repr(sorted((case.query or {}).items(), key=str)) + case.path)) % len(choices)]


@schemathesis.hook
def before_call(context, case, kwargs):
    parameters = case.path_parameters or {}
    ends = case.method.upper() == "DELETE" and case.operation.path in ENDS
    is_real = len(repr(case.body) + repr(case.query)) % 4 != 0
    if ends:
        # The fuzzer learns ids from answers; it must not learn to end objects that other requests need.
        for name in parameters:
            parameters[name] = "nobody"
    elif is_real:
        kind = case.operation.path.split("/")[2] if case.operation.path.count("/") > 1 else ""
        for name in list(parameters):
            known = KNOWN.get(f"{kind}.{name}") or KNOWN.get(name)
            if known:
                parameters[name] = pick(known, case)
    # No request makes Rollcall ask or tell anything outside this machine.
    if isinstance(case.body, dict):
        if case.operation.path == "/v1/connections" and isinstance(case.body.get("base_url"), (str, type(None))):
            case.body["base_url"] = KNOWN["base_url"]
        if isinstance(case.body.get("url"), str):
            case.body["url"] = KNOWN["receiver"]
    if case.query and "wait" in case.query:
        case.query["wait"] = 0


@schemathesis.hook
def after_call(context, case, response):
    name = f"{case.method.upper()} {case.operation.path}"
    statuses = reached.setdefault(name, {})
    statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
    REACHED.write_text(json.dumps(reached))


@schemathesis.hook
def filter_case(context, case):
    # The key that the fuzzer works with has to stay. The objects that the fuzzer knows have to stay too.
    if case.method.upper() == "DELETE" and case.operation.path == "/v1/keys/{id}":
        return (case.path_parameters or {}).get("id") != "first"
    return True
