"""Lists everybody from a Factorial with the vendor's own client, and prints the lists as one line of JSON.

    list_factorial.py ADDRESS KEY
"""

import json
import sys

from factorial_api_client import FactorialClient


def main():
    address, key = sys.argv[1:]
    client = FactorialClient(base_url=address, api_key=key)
    lists = {
        "people": client.employees.employees.all(),
        "contracts": client.contracts.reference_contracts.all(),
        "memberships": client.teams.memberships.all(),
        "teams": client.teams.teams.all(),
        "locations": client.locations.locations.all(),
        "legal_entities": client.companies.legal_entities.all(),
        "fields": client.custom_fields.fields.all(),
        "values": client.custom_fields.values.all(),
    }
    print(json.dumps({name: [row.to_dict() for row in rows] for name, rows in lists.items()}))


if __name__ == "__main__":
    main()
