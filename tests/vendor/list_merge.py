"""Lists everybody from a Merge with the vendor's own client, and prints the lists as one line of JSON.

    list_merge.py ADDRESS KEY ACCOUNT_TOKEN
"""

import json
import sys

from merge.client import Merge


def every(lister, **asked):
    """All rows of a list: the client returns one page at a time."""
    rows, cursor = [], None
    while True:
        page = lister(cursor=cursor, page_size=50, **asked)
        rows += page.results
        cursor = page.next
        if cursor is None:
            return [json.loads(row.json()) for row in rows]


def main():
    address, key, token = sys.argv[1:]
    hris = Merge(base_url=f"{address}/api", api_key=key, account_token=token).hris
    link = hris.link_token.create(
        end_user_email_address="admin@acme.example", end_user_organization_name="Acme", end_user_origin_id="c-1", categories=["hris"]
    )
    print(json.dumps({
        "people": every(hris.employees.list, expand=["employments", "groups", "home_location", "team", "company", "work_location"]),
        "employments": every(hris.employments.list),
        "groups": every(hris.groups.list),
        "teams": every(hris.teams.list),
        "locations": every(hris.locations.list),
        "companies": every(hris.companies.list),
        "accounts": every(hris.bank_info.list),
        "syncs": [json.loads(sync.json()) for sync in hris.sync_status.list().results],
        "linked": [json.loads(one.json()) for one in hris.linked_accounts.list().results],
        "account": json.loads(hris.account_details.retrieve().json()),
        "link": json.loads(link.json()),
    }))


if __name__ == "__main__":
    main()
