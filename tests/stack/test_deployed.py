"""The whole journey on a deployed stack: through its HTTP API, its queues and its schedule, with IAM enforced.

One emulated AWS with several stacks side by side, each lived in by a class of tests: `journey` lives through everything, `large` is
killed in the middle, `long` is read in slices, `roles` loses its permissions one by one, `upgrade` is deployed anew and rolled back, `scim` writes to a SCIM
server. The classes run side by side, because most of their time they wait for the cloud.
Run it with tests/run, or alone, all or some: `tests/.tools/stack/bin/python tests/stack/test_deployed.py [Journey Roles.test_1…]`.
"""
import concurrent.futures
import datetime
import fnmatch
import io
import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import threading
import time
import unittest

import cloud
import product
from product import until

# A function may run for 35 seconds, and apply keeps 30 of them to end well: an apply of many people takes several slices.
SHORT = {"FunctionTimeout": 35, "VisibilityTimeout": 36, "MaxReceives": 3, "DailySpread": 0}
EVERYBODY = 120
MANY = 1500
HOST = 5000

# Permissions of the roles that the journey does not use, each with the use that it has.
UNUSED = {
    ("ApplyRole", "sqs:SendMessage", "DiffQueue"): "a preview follows a plan of one person that took a wider one's place",
    ("ConsoleRole", "secretsmanager:GetSecretValue", "secret:ApplicationsSecret*"): "the list of HR systems says how to connect them",
    ("DailySyncRole", "secretsmanager:GetSecretValue", "secret:ApplicationsSecret*"): "a login is kept fresh near its end",
    ("DailySyncRole", "secretsmanager:PutSecretValue", "secret:connection/*"): "the tokens of a refreshed login are kept",
    ("DailySyncRole", "secretsmanager:GetSecretValue", "secret:webhooks/receiver*"): "who is overdue is told to the receiver",
    ("DailySyncRole", "sqs:SendMessage", "ApplyQueue"): "a lost message of an apply is sent again a day later",
    ("DailySyncRole", "sqs:SendMessage", "MorningDeadLetters"): "Lambda sets a failed morning aside with it",
    ("DiffRole", "secretsmanager:DeleteSecret", "secret:connection/*"): "the credential goes where the connection ends meanwhile",
    ("DiffRole", "secretsmanager:GetSecretValue", "secret:ApplicationsSecret*"): "a login is renewed near its end",
    ("DiffRole", "secretsmanager:PutSecretValue", "secret:connection/*"): "the tokens of a renewed login are kept",
}

# Permissions without which a function still goes on: the step succeeds, and a line in the log says what is missing.
QUIET = {
    ("ApplyRole", "secretsmanager:GetSecretValue", "secret:webhooks/receiver*"): "nobody is told, and everything is in the API",
    ("ConnectRole", "secretsmanager:GetSecretValue", "secret:webhooks/receiver*"): "nobody is told, and everything is in the API",
    ("ConnectRole", "sqs:SendMessage", "DiffQueue"): "the first sync waits for the morning",
    ("DiffRole", "secretsmanager:GetSecretValue", "secret:webhooks/receiver*"): "nobody is told, and everything is in the API",
}

aws = None
folder = None
built = {}
stacks = {}
# Only one deployment runs at a time: deployments share the folder of what was built.
deploying = threading.RLock()


def prepare():
    """Builds the functions twice and starts the cloud."""
    global aws, folder
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rollcall-stack-"))
    for build in ("one", "two"):
        built[build] = folder / f"built-{build}"
        architecture = cloud.build(built[build], build)
    SHORT["Architecture"] = architecture
    aws = cloud.Cloud(folder / "cloud").start()


def end():
    """Stops the cloud and keeps its logs."""
    if aws is not None:
        aws.stop()
        results = cloud.ROOT / "tests/.results/stack"
        results.mkdir(parents=True, exist_ok=True)
        for log in (folder / "cloud").glob("*.log"):
            shutil.copy(log, results)
    shutil.rmtree(folder, ignore_errors=True)


def deploy(name, build, hr, **more):
    """Deploys a stack whose public address is the emulator's; a first deployment finds that address out."""
    application = {"client_id": hr.client_id, "client_secret": hr.client_secret, "tokens": "company"}
    settings = {**SHORT, "ProviderBaseUrls": hr.url, "Applications": json.dumps({"factorial": application}), **more}
    with deploying:
        if "PublicUrl" not in settings:
            settings["PublicUrl"] = aws.deploy(name, built[build], **settings).url
        stacks[name] = aws.deploy(name, built[build], **settings)
    return stacks[name]


def processes(stack, function):
    """Returns the process ids of a function."""
    name = stack.ids[function]
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            environment = (entry / "environ").read_bytes().split(b"\0") if entry.name.isdigit() else []
        except OSError:
            continue
        if f"AWS_LAMBDA_FUNCTION_NAME={name}".encode() in environment:
            found.append(int(entry.name))
    return found


def pollers(stack, enabled):
    """Lets Lambda deliver the messages of a stack's queues, or stops the delivery."""
    functions = aws.client("lambda")
    names = [stack.ids[name] for name in ("DiffFunction", "ApplyFunction")]
    for source in functions.list_event_source_mappings()["EventSourceMappings"]:
        if any(name in source["FunctionArn"] for name in names):
            functions.update_event_source_mapping(UUID=source["UUID"], Enabled=enabled)


def sent(stack, role, queue):
    """Returns how many messages a function has sent to a queue."""
    name = stack.ids[queue].rsplit("/", 1)[-1]
    return len([line for line in aws.permissions() if stack.ids[role] in line["principal"]
                and line["action"] == "sqs:SendMessage" and line["resource"].endswith(name) and line["decision"] == "Allow"])


def messages(stack, queue, wait=1):
    """Takes the messages off a queue that no function reads, until no message comes within `wait` seconds."""
    sqs, url, found = aws.client("sqs"), stack.outputs[queue], []
    while True:
        received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=wait).get("Messages", [])
        if not received:
            return found
        for message in received:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append(message["Body"])


class Carried(unittest.TestCase):
    """The check that tests of the directory share."""

    def carried(self, backend, hr, tenant):
        """Asserts that each person who ought to have an account has exactly one active account, and no other person has one."""
        users = [user for user in backend.users(tenant) if user["active"]]
        addresses = sorted(user["attributes"]["email"].lower() for user in users)
        self.assertEqual(addresses, sorted(hr.joiners()))


class Journey(Carried):
    """Everything that a deployed product is for, in order."""

    @classmethod
    def setUpClass(cls):
        cls.hr = product.Factorial(EVERYBODY)
        cls.addClassCleanup(cls.hr.stop)
        cls.stack = deploy("journey", "one", cls.hr)
        cls.backend = product.Backend(cls.stack.url, cls.stack.first_key())
        # The queue delivers this message three times, which takes a while: the test looks for it at the end.
        aws.client("sqs").send_message(QueueUrl=cls.stack.outputs["DiffQueue"], MessageBody="no message of ours")

    def test_1_a_login_connects_and_what_was_previewed_is_applied(self):
        backend = self.backend
        self.assertEqual(backend.call("GET", "/healthz")["build"], "one")
        refused = product.request("GET", self.stack.url + "/v1/connections?tenant=acme")
        self.assertEqual(refused.status, 401)
        self.assertEqual(backend.send("GET", "/nowhere").status, 404)
        connection = backend.connect_by_login("acme", self.hr, apply="approve")
        Journey.connection = connection
        backend.quiet(connection)
        plan = backend.preview(connection)
        self.assertEqual(plan["counts"]["joiners"], EVERYBODY)
        self.assertEqual(backend.send("POST", f"/v1/plans/{plan['id']}/apply", {"hash": "another"}).status, 409)
        self.assertEqual(backend.users("acme"), [])
        self.assertEqual(backend.done(backend.apply(plan))["status"], "succeeded")
        self.carried(backend, self.hr, "acme")

    def test_1a_every_route_leads_to_the_function_that_has_it(self):
        contract = json.loads((cloud.ROOT / "shared/src/api/openapi.json").read_text())["paths"]
        for path, methods in contract.items():
            for method in methods:
                answer = product.request(method.upper(), self.stack.url + path.replace("{", "").replace("}", ""))
                expected = (200,) if path in ("/healthz", "/openapi.json") else (400, 401, 404, 410, 422)
                self.assertIn(answer.status, expected, f"{method} {path}")
                self.assertNotIn("see `GET /openapi.json`", answer.text, f"{method} {path}")

    def test_2_the_schedule_fires_and_the_morning_carries_movers_joiners_and_leavers(self):
        before = {run["id"] for run in self.backend.runs(self.connection)}
        day = self.hr.control("POST", "day")
        self.assertTrue(day["joined"] and day["left"] and day["moved"])
        # At HR the day has passed, here it has not: a person who left today stays until the day is over where they work.
        # The person here left long ago.
        gone = next(person for person in self.hr.control("GET", "people")["data"]
                    if person["status"] == "active" and person.get("work_email"))
        long_ago = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=3)
        self.hr.control("PUT", f"people/{gone['employee_id']}", {"termination_date": f"{long_ago:%Y-%m-%d}"})
        with deploying:
            soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=90)
            deploy("journey", "one", self.hr, PublicUrl=self.stack.url, DailyHour=soon.hour, DailyMinute=soon.minute)

        def began():
            return [run for run in self.backend.runs(self.connection) if run["id"] not in before and run["kind"] == "diff"]

        run = until(began, 180)[0]
        made = self.backend.done(run["id"])
        self.assertEqual(made["status"], "succeeded")
        plan = self.backend.call("GET", f"/v1/plans/{made['plan']}")
        self.assertGreaterEqual(plan["counts"]["leavers"], 1)
        self.assertGreaterEqual(plan["counts"]["movers"], 1)
        self.assertEqual(self.backend.done(self.backend.apply(plan))["status"], "succeeded")
        active = {user["attributes"]["email"].lower() for user in self.backend.users("acme") if user["active"]}
        self.assertNotIn(gone["work_email"].lower(), active)
        plan = self.backend.preview(self.connection)
        moved = sum(plan["counts"][count] for count in ("joiners", "movers", "leavers", "rehires"))
        self.assertEqual(moved, 0, plan)

    def test_3_a_message_that_cannot_be_carried_out_is_set_aside_and_a_good_one_is_brought_back(self):
        backend, stack = self.backend, self.stack
        until(lambda: stack.depth("DiffDeadLetters") == 1, 180)
        self.assertEqual(messages(stack, "DiffDeadLetters"), ["no message of ours"])
        # The function that makes the run also carries it out: the run has to exist before the permission is taken away.
        pollers(stack, False)
        run = backend.call("POST", f"/v1/connections/{self.connection}/sync")["run"]
        with Without(stack, "DiffRole", "dynamodb:Query", table_of(stack, "DiffRole")):
            pollers(stack, True)
            until(lambda: stack.depth("DiffDeadLetters") == 1, 240)
        # The operator does this with `aws sqs start-message-move-task`, which this emulator does not have.
        for body in messages(stack, "DiffDeadLetters"):
            aws.client("sqs").send_message(QueueUrl=stack.outputs["DiffQueue"], MessageBody=body)
        self.assertEqual(backend.done(run)["status"], "succeeded")
        self.assertEqual(stack.depth("DiffQueue"), 0)


class Large(Carried):
    """An apply that takes several slices."""

    def test_an_apply_of_several_slices_that_is_killed_in_the_middle_does_nothing_twice(self):
        hr = product.Factorial(MANY, seed=2)
        self.addCleanup(hr.stop)
        stack = deploy("large", "one", hr)
        backend = product.Backend(stack.url, stack.first_key())
        connection = backend.connect_by_key("large", hr, apply="approve")
        backend.quiet(connection)
        run = backend.apply(backend.preview(connection))
        until(lambda: backend.call("GET", f"/v1/runs/{run}")["progress"]["done"] > 100, every=0.1)
        killed = processes(stack, "ApplyFunction")
        self.assertTrue(killed)
        for process in killed:
            os.kill(process, signal.SIGKILL)
        done = backend.done(run, 240)
        self.assertEqual((done["status"], done["errors"]), ("succeeded", []))
        self.assertGreater(sent(stack, "ApplyRole", "ApplyQueue"), 1)
        self.carried(backend, hr, "large")
        users = backend.users("large")
        for user in users[::100]:
            history = backend.call("GET", f"/v1/tenants/large/users/{user['id']}/history")["data"]
            self.assertEqual(len([entry for entry in history if entry["action"] == "created"]), 1, history)


class Long(unittest.TestCase):
    """A read that takes several slices, because the HR system is slow."""

    def test_everybody_is_read_in_slices_and_a_killed_slice_is_read_again(self):
        hr = product.Factorial(HOST, seed=3)
        self.addCleanup(hr.stop)
        # Six answers are under way at once: a function reads some 1,600 people before it pauses.
        hr.control("POST", "break", {"mode": "slow", "ms": 900})
        stack = deploy("long", "one", hr)
        backend = product.Backend(stack.url, stack.first_key())
        connection = backend.connect_by_key("long", hr, apply="approve")
        (run,) = backend.runs(connection)
        until(lambda: backend.call("GET", f"/v1/runs/{run['id']}")["progress"]["done"] > 1000, every=0.1)
        killed = processes(stack, "DiffFunction")
        self.assertTrue(killed)
        for process in killed:
            os.kill(process, signal.SIGKILL)
        done = backend.done(run["id"], 600)
        self.assertEqual((done["status"], done["errors"], done["completeness"]), ("succeeded", [], "complete"))
        everybody = len(hr.control("GET", "people")["data"])
        self.assertEqual(done["progress"], {"done": everybody, "total": everybody})
        self.assertEqual(done["counts"]["joiners"], len(hr.joiners()))
        self.assertGreaterEqual(sent(stack, "DiffRole", "DiffQueue"), 3, "four slices")
        pages = aws.client("dynamodb").get_paginator("scan").paginate(TableName=stack.ids["Table"], ProjectionExpression="pk, sk")
        keys = [f"{item['pk']['S']} {item['sk']['S']}" for page in pages for item in page["Items"]]
        self.assertTrue(keys)
        self.assertEqual([key for key in keys if "-part-" in key], [], "no part is left")


class ScimServer(unittest.TestCase):
    """People who are carried to a SCIM server instead of the directory."""

    def test_people_are_carried_to_a_scim_server_and_a_killed_apply_makes_nobody_twice(self):
        hr = product.Factorial(60, seed=5)
        self.addCleanup(hr.stop)
        # The server is slow enough to be killed in the middle, and has habits of real servers.
        server = product.Scim("latency_ms=40", "page_cap=25", "changed=stale", "lost_creates=2")
        self.addCleanup(server.stop)
        # An apply reads the server's users before its first step: on a busy machine five seconds are too few for that.
        time = {"FunctionTimeout": 55, "VisibilityTimeout": 56}
        stack = deploy("scim", "one", hr, ProviderBaseUrls=f"{hr.url},{server.base}", **time)
        backend = product.Backend(stack.url, stack.first_key())
        connection = backend.connect_by_key("acme", hr, target=server.target(), apply="approve")
        backend.quiet(connection)
        self.assertEqual(server.writes(), 0, "a preview writes nothing")
        expected = product.follow({}, hr.control("GET", "people")["data"])
        plan = backend.preview(connection)
        self.assertEqual(plan["counts"]["joiners"], len(expected))
        run = backend.apply(plan)
        until(lambda: server.writes() > 10, every=0.1)
        for process in processes(stack, "ApplyFunction"):
            os.kill(process, signal.SIGKILL)
        self.assertLess(len(server.accounts()), len(expected), "it was killed in the middle")
        done = backend.done(run, 240)
        self.assertEqual((done["status"], done["errors"]), ("succeeded", []))
        self.assertEqual(server.accounts(), expected)

        self.quiet(backend, connection, server)
        self.day(hr, expected)
        plan = backend.preview(connection)
        counts = {word: plan["counts"][word] for word in ("joiners", "movers", "leavers")}
        self.assertEqual(counts, {"joiners": 1, "movers": 1, "leavers": 1})
        self.assertEqual(backend.done(backend.apply(plan))["status"], "succeeded")
        self.assertEqual(server.accounts(), expected)
        self.quiet(backend, connection, server)
        # The tenant that leaves the server leaves it free for other tenants, and leaves every account in it as it is.
        self.assertEqual(backend.call("DELETE", f"/v1/connections/{connection}")["status"], "disconnected")
        self.assertEqual(backend.send("GET", f"/v1/connections/{connection}").json["target"]["base_url"], server.base)
        self.assertEqual(server.accounts(), expected)
        backend.connect_by_key("other", hr, target=server.target(), apply="approve")

    def quiet(self, backend, connection, server):
        """Asserts that another preview finds nothing to do."""
        before, plan = server.writes(), backend.preview(connection)
        self.assertEqual(sum(plan["counts"][count] for count in ("joiners", "movers", "leavers", "rehires")), 0, plan)
        self.assertEqual(server.writes(), before)

    def day(self, hr, expected):
        """One person joins, one person gets another job and manager, one person has left."""
        people = sorted(expected)
        leads = {account["manager"] for account in expected.values()}
        mover, leaver, boss = [person for person in people if person not in leads][:3]
        now = datetime.datetime.now(datetime.timezone.utc)
        hr.control("PUT", f"people/{mover}", {"job_title": "Chief Juggler", "manager": boss})
        hr.control("PUT", f"people/{leaver}", {"termination_date": f"{now - datetime.timedelta(days=3):%Y-%m-%d}"})
        hr.control("POST", "people", {"first_name": "Noor", "last_name": "Haddad", "work_email": "noor.haddad@new.example",
                                      "start_date": f"{now - datetime.timedelta(days=2):%Y-%m-%d}"})
        product.follow(expected, hr.control("GET", "people")["data"])


class Roles(unittest.TestCase):
    """Least privilege: each permission is taken away alone, and a step that used it fails until it is back."""

    maxDiff = None
    # The company of the tenants that steps begin.
    GUESTS = 2

    @classmethod
    def setUpClass(cls):
        # There are three companies, because a company belongs to one tenant at a time.
        cls.hr = product.Factorial(8, seed=3, companies=3)
        cls.addClassCleanup(cls.hr.stop)
        cls.stack = deploy("roles", "one", cls.hr)
        cls.backend = product.Backend(cls.stack.url, cls.stack.first_key())
        # From here on this test delivers the messages of the queues.
        pollers(cls.stack, False)
        cls.addClassCleanup(pollers, cls.stack, True)
        cls.number = 0
        cls.failed = []
        cls.guests = []
        cls.connection = cls.connected("roles", 0, "approve")
        cls.automatic = cls.connected("alone", 1, "automatic")

    # How messages are delivered

    @classmethod
    def deliver(cls, name, body):
        """Delivers a message to its function. A message that is given back is kept until the permission is there again."""
        record = {"messageId": "m-1", "body": body, "attributes": {"ApproximateReceiveCount": "1"}}
        answer = cls.invoke(f"{name}Function", {"Records": [record]})
        if answer is None or answer["batchItemFailures"]:
            cls.failed.append((name, body))
            raise AssertionError(f"{name} gave a message back")

    @classmethod
    def invoke(cls, function, event):
        """Returns the answer of a function; nothing where the function failed."""
        answer = aws.client("lambda").invoke(FunctionName=f"{cls.stack.ids[function]}:live", Payload=json.dumps(event))
        text = answer["Payload"].read()
        return None if "FunctionError" in answer else json.loads(text)

    @classmethod
    def carry_out(cls):
        """Carries out the messages in the queues until the queues are empty."""
        while cls.stack.depth("DiffQueue") + cls.stack.depth("ApplyQueue"):
            for name in ("Diff", "Apply"):
                for body in messages(cls.stack, f"{name}Queue", wait=0):
                    cls.deliver(name, body)

    @classmethod
    def bring_back(cls):
        """Delivers the messages that were given back once more."""
        again, cls.failed = cls.failed, []
        for name, body in again:
            cls.deliver(name, body)
        cls.carry_out()

    # What the steps are made of

    @classmethod
    def connected(cls, tenant, company, mode):
        """Returns a connection whose first plan is applied."""
        connection = cls.backend.connect_by_key(tenant, cls.hr, company, apply=mode)
        cls.carry_out()
        if mode == "approve":
            cls.backend.apply(cls.plan(connection))
            cls.carry_out()
        return connection

    @classmethod
    def a_guest(cls):
        """Returns a tenant of its own for a step."""
        cls.number += 1
        cls.guests.append(f"guest-{cls.number}")
        return cls.guests[-1]

    @classmethod
    def say_goodbye(cls):
        """Ends the tenants that steps have begun, so that the next tenant can have their company."""
        while cls.guests:
            cls.backend.send("DELETE", f"/v1/tenants/{cls.guests.pop()}")
            cls.carry_out()

    @classmethod
    def plan(cls, connection):
        """Returns the plan that a sync makes now."""
        run = cls.backend.call("POST", f"/v1/connections/{connection}/sync")["run"]
        cls.carry_out()
        return cls.backend.call("GET", f"/v1/plans/{cls.backend.call('GET', f'/v1/runs/{run}')['plan']}")

    @classmethod
    def approve(cls, plan):
        """Applies a plan, with the approval that a changed configuration asks for."""
        holds = [hold["code"] for hold in plan["holds"]]
        cls.backend.call("POST", f"/v1/plans/{plan['id']}/apply", {"hash": plan["hash"], "approve": holds})
        cls.carry_out()

    @classmethod
    def edit(cls, tenant):
        """Types a value into an account, which the next plan takes back. Returns the account."""
        cls.number += 1
        user = cls.backend.users(tenant)[0]["id"]
        title = {"attributes": {"job_title": f"Juggler {cls.number}"}}
        cls.backend.call("PATCH", f"/v1/tenants/{tenant}/users/{user}", title)
        return user

    @classmethod
    def somebody(cls, plan):
        """Returns an employee whom a plan changes."""
        return cls.backend.call("GET", f"/v1/plans/{plan}/changes")["data"][0]["employee_id"]

    @classmethod
    def forget_first_key(cls):
        """Makes this a stack whose first key was never used."""
        key = {"pk": {"S": "KEYS"}, "sk": {"S": "KEY#first"}}
        aws.client("dynamodb").delete_item(TableName=cls.stack.ids["Table"], Key=key)

    # The steps: what each function is for

    def console_reads(self):
        backend, plan = self.backend, self.latest["id"]
        user = backend.users("roles")[0]["id"]
        person = self.somebody(plan)
        for path in ("/v1/connections?tenant=roles", f"/v1/connections/{self.connection}", "/v1/audit?tenant=roles", "/v1/keys",
                     f"/v1/connections/{self.connection}/fields", f"/v1/plans/{plan}", f"/v1/plans/{plan}/changes",
                     f"/v1/tenants/roles/users/{user}/history", f"/v1/tenants/roles/people/{person}", "/v1/webhooks",
                     f"/v1/connections/{self.connection}/employees/{person}", f"/v1/connections/{self.connection}/people"):
            backend.call("GET", path)

    def console_keeps_the_receiver(self):
        # A change that could not give its lease back keeps other changes out until the lease ends.
        hooks = {"url": "https://app.example.com/hooks"}
        until(lambda: "is being changed" not in self.backend.send("PUT", "/v1/webhooks", hooks).text, 90)
        self.backend.call("PUT", "/v1/webhooks", hooks)
        self.backend.call("POST", "/v1/webhooks/rotate")
        self.backend.call("DELETE", "/v1/webhooks")

    def console_makes_and_revokes_a_key(self):
        key = self.backend.call("POST", "/v1/keys", {"name": "a key", "tenants": ["roles"]})
        self.backend.call("DELETE", f"/v1/keys/{key['id']}")

    def console_configures(self):
        path = f"/v1/connections/{self.connection}/config"
        answer = self.backend.send("GET", path)
        again = self.backend.send("PUT", path, answer.json["config"], **{"if-match": answer.headers["etag"]})
        self.assertLess(again.status, 300, again.text)
        outlook = self.backend.send("PUT", f"{path}?dry_run=true", answer.json["config"], **{"if-match": again.headers["etag"]})
        self.assertLess(outlook.status, 300, outlook.text)

    def console_edits_a_user(self):
        self.edit("roles")

    def console_stops_and_goes_on(self):
        self.backend.call("PUT", "/v1/stop", {"tenant": "roles"})
        self.backend.call("DELETE", "/v1/stop?tenant=roles")
        for word in ("pause", "resume"):
            self.backend.call("POST", f"/v1/connections/{self.connection}/{word}")

    def console_erases_a_person(self):
        tenant = self.a_guest()
        connection = self.connected(tenant, self.GUESTS, "approve")
        self.edit(tenant)
        person = self.somebody(self.plan(connection)["id"])
        self.backend.call("DELETE", f"/v1/tenants/{tenant}/people/{person}")

    def console_erases_a_tenant_with_an_open_plan(self):
        tenant = self.a_guest()
        connection = self.backend.connect_by_key(tenant, self.hr, self.GUESTS, apply="approve")
        self.carry_out()
        self.plan(connection)
        self.backend.call("DELETE", f"/v1/tenants/{tenant}")
        self.carry_out()

    def first_key_at_console(self):
        self.forget_first_key()
        self.backend.call("GET", "/v1/keys")

    def connect_by_a_key_and_leave_with_an_open_plan(self):
        connection = self.backend.connect_by_key(self.a_guest(), self.hr, self.GUESTS, apply="approve")
        self.carry_out()
        self.plan(connection)
        self.backend.call("DELETE", f"/v1/connections/{connection}")

    def connect_by_a_login(self):
        connection = self.backend.connect_by_login(self.a_guest(), self.hr, self.GUESTS, apply="approve")
        self.backend.call("GET", f"/v1/connections/{connection}/companies")
        self.carry_out()
        self.backend.call("DELETE", f"/v1/connections/{connection}")

    def connect_anew(self):
        credential = {"credential": {"kind": "api_key", "key": self.hr.keys[0]}}
        self.backend.call("POST", f"/v1/connections/{self.connection}/reconnect", credential)
        self.carry_out()

    def first_key_at_connect(self):
        self.forget_first_key()
        self.backend.call("GET", f"/v1/connections/{self.connection}/companies")

    def diff_makes_a_plan(self):
        self.edit("roles")
        self.plan(self.connection)

    def diff_reads_a_company_for_the_first_time(self):
        self.backend.connect_by_key(self.a_guest(), self.hr, self.GUESTS, apply="approve")
        self.carry_out()

    def diff_applies_by_itself(self):
        self.edit("alone")
        plan = self.plan(self.automatic)
        self.assertEqual(self.backend.call("GET", f"/v1/plans/{plan['id']}")["status"], "applied")

    def first_key_at_diff(self):
        self.forget_first_key()
        self.backend.call("POST", f"/v1/connections/{self.connection}/sync")
        self.carry_out()

    def apply_carries_out_and_undoes(self):
        user = self.edit("roles")
        plan = self.plan(self.connection)
        self.approve(plan)
        self.assertEqual(self.backend.call("GET", f"/v1/plans/{plan['id']}")["status"], "applied", user)
        undo = self.backend.call("POST", f"/v1/plans/{plan['id']}/undo")
        self.backend.call("POST", f"/v1/plans/{undo['id']}/cancel")

    def apply_makes_accounts(self):
        self.connected(self.a_guest(), self.GUESTS, "approve")

    def first_key_at_apply(self):
        self.edit("roles")
        plan = self.plan(self.connection)
        self.forget_first_key()
        self.approve(plan)

    def the_morning(self):
        return self.begin_a_morning()

    def the_morning_sweeps_what_a_death_left(self):
        connection = self.backend.connect_by_key(self.a_guest(), self.hr, self.GUESTS, apply="approve")
        self.carry_out()
        self.leave_half_made(connection)
        self.leave_a_claim(connection)
        swept = self.begin_a_morning()["swept"]
        self.assertEqual((swept["connections"], swept["claims"]), (1, 1))
        self.assertEqual(self.backend.send("GET", f"/v1/connections/{connection}").status, 404)
        secrets = aws.client("secretsmanager").list_secrets()["SecretList"]
        self.assertEqual([secret["Name"] for secret in secrets if connection in secret["Name"]], [])

    def leave_half_made(self, connection):
        """Leaves a connection as if its request had died two hours ago, between its first act and its second."""
        dynamodb, table = aws.client("dynamodb"), self.stack.ids["Table"]
        key = {"pk": {"S": f"C#{connection}"}, "sk": {"S": "CONNECTION"}}
        item = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
        since = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=2)
        document = json.loads(item["document"]["S"])
        document["status"] = "awaiting_authorization"
        document["unfinished"] = {"what": "making", "since": f"{since:%Y-%m-%dT%H:%M:%SZ}"}
        item["document"]["S"] = json.dumps(document)
        dynamodb.put_item(TableName=table, Item=item)

    def leave_a_claim(self, connection):
        """Adds a connection that does not exist to the claim on a connection's company."""
        dynamodb, table = aws.client("dynamodb"), self.stack.ids["Table"]
        pages = dynamodb.get_paginator("scan").paginate(TableName=table)
        claims = [item for page in pages for item in page["Items"] if item["sk"]["S"] == "COMPANY"]
        (claim,) = [item for item in claims if connection in item["document"]["S"]]
        holders = json.loads(claim["document"]["S"])
        for connections in holders.values():
            connections.append("con_gone")
        claim["document"]["S"] = json.dumps(holders)
        dynamodb.put_item(TableName=table, Item=claim)

    def begin_a_morning(self):
        """Begins a morning, carries its messages out, and returns its answer."""
        # Each morning has a day of its own: a day that has begun already leaves nothing to do.
        Roles.number += 1
        day = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=self.number)
        answer = self.invoke("DailySyncFunction", {"time": f"{day:%Y-%m-%dT04:00:00Z}"})
        self.assertIsNotNone(answer)
        self.assertEqual(answer["started"], answer["due"])
        self.carry_out()
        return answer

    STEPS = (
        ("ConsoleRole", (console_reads, console_keeps_the_receiver, console_makes_and_revokes_a_key, console_configures, console_edits_a_user,
                         console_stops_and_goes_on, console_erases_a_person, console_erases_a_tenant_with_an_open_plan, first_key_at_console)),
        ("ConnectRole", (connect_anew, connect_by_a_key_and_leave_with_an_open_plan, connect_by_a_login, first_key_at_connect)),
        ("DiffRole", (diff_makes_a_plan, diff_reads_a_company_for_the_first_time, diff_applies_by_itself, first_key_at_diff)),
        ("ApplyRole", (apply_carries_out_and_undoes, apply_makes_accounts, first_key_at_apply)),
        ("DailySyncRole", (the_morning, the_morning_sweeps_what_a_death_left)),
    )

    def test_a_step_fails_without_a_permission_that_it_uses_and_works_again_with_it(self):
        self.edit("roles")
        Roles.latest = self.plan(self.connection)
        for role, steps in self.STEPS:
            grants = [grant for grant in granted(self.stack, role) if not grant[0].startswith(UNSEEN)]
            users = {grant: [] for grant in grants}
            for step in steps:
                before = len(aws.permissions())
                step(self)
                self.say_goodbye()
                used = [(line["action"], line["resource"]) for line in aws.permissions()[before:]
                        if line["decision"] == "Allow" and line["principal"].split("/")[1] == self.stack.ids[role]]
                for action, resource in grants:
                    if any(action == did and fnmatch.fnmatchcase(on, resource) for did, on in used):
                        users[action, resource].append(step)
            for (action, resource), steps in users.items():
                if not steps:
                    continue
                name = (role, action, logical(self.stack, resource))
                with self.subTest(permission=name):
                    failing = next((step for step in steps if self.fails_without(role, action, resource, step)), None)
                    self.assertEqual(failing is None, name in QUIET, "no step fails without it" if failing is None else failing.__name__)
                    (failing or steps[0])(self)
                    self.say_goodbye()

    def fails_without(self, role, action, resource, step):
        """Returns whether a step fails while its function lacks a permission. Unfinished work is finished afterwards."""
        with Without(self.stack, role, action, resource):
            try:
                step(self)
                fails = False
            except AssertionError:
                fails = True
        self.bring_back()
        self.say_goodbye()
        return fails


class Upgrade(unittest.TestCase):
    """A second deployment with other code, and the way back."""

    def test_r44_what_the_version_before_stored_is_read_and_its_plans_are_stale(self):
        hr = product.Factorial(20, seed=4)
        self.addCleanup(hr.stop)
        stack = deploy("upgrade", "one", hr)
        backend = product.Backend(stack.url, stack.first_key())
        connection = backend.connect_by_key("acme", hr, apply="approve")
        backend.quiet(connection)
        first = backend.preview(connection)
        self.assertEqual(backend.done(backend.apply(first))["status"], "succeeded")
        hr.control("POST", "day")
        waiting = backend.preview(connection)
        pollers(stack, False)
        under_way = backend.call("POST", f"/v1/connections/{connection}/sync")["run"]
        (message,) = messages(stack, "DiffQueue")
        self.assertGreater(self.age(stack), 40)
        stack = deploy("upgrade", "two", hr, PublicUrl=stack.url)
        until(lambda: backend.call("GET", "/healthz")["build"] == "two")
        self.assertEqual(len(backend.users("acme")), 20)
        refused = backend.send("POST", f"/v1/plans/{waiting['id']}/apply", {"hash": waiting["hash"]})
        self.assertEqual((refused.status, refused.json["code"]), (409, "plan-stale"))
        older = message.replace('"version":1', '"version":0')
        self.assertNotEqual(older, message)
        aws.client("sqs").send_message(QueueUrl=stack.outputs["DiffQueue"], MessageBody=older)
        pollers(stack, True)
        self.assertEqual(backend.done(under_way)["status"], "succeeded")
        again = backend.preview(connection)
        self.assertEqual(again["counts"]["leavers"], waiting["counts"]["leavers"])
        self.assertEqual(backend.done(backend.apply(again))["status"], "succeeded")
        functions = aws.client("lambda")
        for name in ("ApplyFunction", "ConnectFunction", "ConsoleFunction", "DailySyncFunction", "DiffFunction"):
            versions = [found["Version"] for found in functions.list_versions_by_function(FunctionName=stack.ids[name])["Versions"]]
            live = functions.get_alias(FunctionName=stack.ids[name], Name="live")["FunctionVersion"]
            before = max((version for version in versions if version not in ("$LATEST", live)), key=int)
            functions.update_alias(FunctionName=stack.ids[name], Name="live", FunctionVersion=before)
        until(lambda: backend.call("GET", "/healthz")["build"] == "one")
        plan = backend.preview(connection)
        self.assertEqual(sum(plan["counts"][count] for count in ("joiners", "movers", "leavers", "rehires")), 0)

    def age(self, stack):
        """Makes every item and every plan one of the version before. Returns how many items there are."""
        dynamodb, count = aws.client("dynamodb"), 0
        for page in dynamodb.get_paginator("scan").paginate(TableName=stack.ids["Table"]):
            for item in page["Items"]:
                item["v"] = {"N": str(int(item["v"]["N"]) - 1)}
                if item["sk"]["S"] == "PLAN":
                    item["document"]["S"] = item["document"]["S"].replace('"version":1', '"version":0')
                dynamodb.put_item(TableName=stack.ids["Table"], Item=item)
                count += 1
        return count


class Grants(unittest.TestCase):
    """Looks back on all stacks: it runs last."""

    def test_nothing_is_granted_that_is_not_used(self):
        did = {}
        for line in aws.permissions():
            if line["decision"] == "Allow":
                did.setdefault(line["principal"].split("/")[1], set()).add((line["action"], line["resource"]))
        idle = []
        for role, _ in Roles.STEPS:
            everywhere = []
            for stack in stacks.values():
                mine = did.get(stack.ids[role], set())
                everywhere.append({
                    (role, action, logical(stack, resource))
                    for action, resource in granted(stack, role) if not action.startswith(UNSEEN)
                    and not any(action == done and fnmatch.fnmatchcase(on, resource) for done, on in mine)})
            idle += sorted(set.intersection(*everywhere))
        self.assertEqual([entry for entry in idle if entry not in UNUSED], [], "granted and never used")
        self.assertEqual([entry for entry in UNUSED if entry not in idle], [], "used after all")


# The emulator checks no permission for these actions.
UNSEEN = ("logs:", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def granted(stack, role):
    """Yields each action of a role with each resource on which the role may do it."""
    iam, name = aws.client("iam"), stack.ids[role]
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        for statement in iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]["Statement"]:
            for action in aslist(statement["Action"]):
                for resource in aslist(statement["Resource"]):
                    yield action, resource


def table_of(stack, role):
    """Returns the table that a role may use, as the role's policy names it."""
    return next(resource for action, resource in granted(stack, role) if action.startswith("dynamodb:"))


def logical(stack, resource):
    """Returns a resource in the template's words."""
    text = resource.split(":", 5)[-1].replace(f"secret:{stack.name}/", "secret:")
    for name, physical in stack.ids.items():
        text = text.replace(physical.rsplit("/", 1)[-1], name)
    return text


def aslist(value):
    return value if isinstance(value, list) else [value]


class Without:
    """A role that lacks an action on a resource for a while."""

    def __init__(self, stack, role, action, resource):
        self.iam = aws.client("iam")
        self.role = stack.ids[role]
        self.policies = {name: self.iam.get_role_policy(RoleName=self.role, PolicyName=name)["PolicyDocument"]
                         for name in self.iam.list_role_policies(RoleName=self.role)["PolicyNames"]}
        self.kept = [{"Effect": "Allow", "Action": granted_action, "Resource": granted_resource}
                     for granted_action, granted_resource in granted(stack, role)
                     if (granted_action, granted_resource) != (action, resource)]

    def put(self, name, document):
        self.iam.put_role_policy(RoleName=self.role, PolicyName=name, PolicyDocument=json.dumps(document))

    def __enter__(self):
        for name, document in self.policies.items():
            self.put(name, {**document, "Statement": self.kept})

    def __exit__(self, *_):
        for name, document in self.policies.items():
            self.put(name, document)


def carry_out(tests):
    """Runs tests, prints their output in one piece, and returns whether all went well."""
    said = io.StringIO()
    result = unittest.TextTestRunner(stream=said, verbosity=2).run(tests)
    print(said.getvalue(), flush=True)
    return result.wasSuccessful()


def main(names):
    """Runs the named tests, or all tests: first the tests that run side by side, then the test that looks back on them."""
    loader = unittest.defaultTestLoader
    first = names or [found.__name__ for found in (Roles, Journey, Large, Long, ScimServer, Upgrade)]
    last = [] if names else [Grants.__name__]
    try:
        prepare()
        with concurrent.futures.ThreadPoolExecutor(len(first)) as threads:
            went = list(threads.map(lambda name: carry_out(loader.loadTestsFromName(name, sys.modules[__name__])), first))
        went += [carry_out(loader.loadTestsFromName(name, sys.modules[__name__])) for name in last]
    finally:
        end()
    return 0 if all(went) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
