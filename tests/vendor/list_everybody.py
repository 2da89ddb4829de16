"""Lists everybody from a BambooHR with PyBambooHR, in its two ways, and prints both lists as one line of JSON.

    list_everybody.py ADDRESS COMPANY KEY
"""

import json
import sys

from PyBambooHR.PyBambooHR import PyBambooHR

FIELDS = ["id", "firstName", "lastName", "workEmail", "hireDate"]


def main():
    address, company, key = sys.argv[1:]
    client = PyBambooHR(subdomain=company, api_key=key, timeout=30)
    # The client knows the vendor's host only; behind the host the address is its own.
    vendor = "https://api.bamboohr.com"
    assert client.base_url.startswith(vendor)
    client.base_url = address + client.base_url[len(vendor):]
    report = client.request_custom_report(FIELDS, report_format="json", title="Everybody")
    lists = {"report": report["employees"], "directory": client.get_employee_directory()}
    print(json.dumps({name: {str(row["id"]): row for row in rows} for name, rows in lists.items()}))


if __name__ == "__main__":
    main()
