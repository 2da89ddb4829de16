"""The night's work as a plain script would do it, to be measured beside Rollcall in the same run (tests/measure).

Reads the same pages, joins them, maps people to the same attributes, compares with yesterday's state, writes the plan and
today's state. Straightforward Python: json, dicts, no guards, no certificate, no fingerprints.
"""

import glob
import json
import os
import resource
import sys
import time

PERIODS = {"yearly": "year", "monthly": "month", "weekly": "week", "daily": "day", "hourly": "hour"}
FIELDS = [
    ("first_name", "first_name"), ("last_name", "last_name"), ("known_as", "preferred_name"),
    ("display_name", "full_name"), ("personal_email", "personal_email"), ("mobile_phone", "phone_number"),
    ("address_line_1", "address_line_1"), ("address_line_2", "address_line_2"), ("zip_code", "postal_code"),
    ("city", "city"), ("country", "country"), ("birth_date", "birthday_on"),
    ("termination_date", "terminated_on"), ("manager", "manager_id"),
]


def rows(pattern):
    for name in sorted(glob.glob(pattern)):
        with open(name, encoding="utf-8") as page:
            yield from json.load(page)["data"]


def text(value):
    return None if value is None else str(value).strip() or None


def people(folder):
    teams = {row["id"]: row["name"] for row in rows(f"{folder}/shared/teams-*.json")}
    places = {row["id"]: row for row in rows(f"{folder}/shared/locations-*.json")}
    entities = {row["id"]: row for row in rows(f"{folder}/shared/legal_entities-*.json")}
    fields = {row["id"]: row["slug"] for row in rows(f"{folder}/shared/fields-*.json")}
    for page in sorted(glob.glob(f"{folder}/pages/*")):
        contracts = {row["employee_id"]: row for row in rows(f"{page}/contracts-*.json")}
        memberships = {}
        for row in rows(f"{page}/memberships-*.json"):
            memberships.setdefault(row["employee_id"], row)
        custom = {}
        for row in rows(f"{page}/values-*.json"):
            custom.setdefault(row["valuable_id"], {})[fields.get(row["field_id"])] = text(row.get("value"))
        for row in rows(f"{page}/employees-*.json"):
            key = row["id"]
            person = {to: text(row.get(source)) for to, source in FIELDS}
            email = text(row.get("email")) or text(row.get("login_email"))
            person["work_email"] = person["email"] = email.lower() if email else None
            contract = contracts.get(key, {})
            person["job_title"] = text(contract.get("job_title"))
            person["start_date"] = text(contract.get("starts_on"))
            amount = contract.get("salary_amount")
            person["pay_rate"] = None if amount is None else f"{amount // 100}.{amount % 100:02}".rstrip("0").rstrip(".")
            person["pay_period"] = PERIODS.get(contract.get("salary_frequency"))
            entity = entities.get(row.get("legal_entity_id"), {})
            person["pay_currency"] = contract.get("salary_currency") or entity.get("currency")
            place = places.get(row.get("location_id"), {})
            person["work_city"], person["work_location"] = text(place.get("city")), text(place.get("name"))
            person["team"] = teams.get(memberships.get(key, {}).get("team_id"))
            person["employment_status"] = "active" if row.get("active") else "terminated"
            person.update({f"custom.{name}": value for name, value in custom.get(key, {}).items()})
            yield key, person


def main(folder, state_file):
    began = time.perf_counter()
    state = {}
    if os.path.exists(state_file):
        with open(state_file, encoding="utf-8") as file:
            state = json.load(file)
    today, plan = {}, []
    for key, person in people(folder):
        today[key] = person
        before = state.get(key)
        if before is None:
            plan.append({"action": "create", "employee_id": key, "attributes": person})
        elif before != person:
            edits = {name: {"before": before.get(name), "after": value}
                     for name, value in person.items() if before.get(name) != value}
            plan.append({"action": "update", "employee_id": key, "edits": edits})
    plan += [{"action": "leave", "employee_id": key} for key in state if key not in today]
    with open(f"{folder}/plan.json", "w", encoding="utf-8") as file:
        json.dump(plan, file)
    with open(state_file, "w", encoding="utf-8") as file:
        json.dump(today, file)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"employees": len(today), "changes": len(plan), "seconds": seconds, "peak_bytes": peak,
                      "state_bytes": os.path.getsize(state_file)}))


main(sys.argv[1], sys.argv[2])
