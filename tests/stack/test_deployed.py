"""The whole journey on a deployed stack: through its HTTP API, its queues and its schedule, with IAM enforced.

One emulated AWS and two stacks in it: `journey` lives through everything; `upgrade` is deployed anew and rolled back.
Run it with tests/run, or alone: `tests/.tools/stack/bin/python tests/stack/test_deployed.py`.
"""
import datetime
import fnmatch
import json
import os
import pathlib
import shutil
import signal
import tempfile
import time
import unittest

import cloud
import product
from product import until

# A function may run for 35 seconds, of which apply keeps 30 for ending well: an apply of many people takes several slices.
SHORT = {"FunctionTimeout": 35, "VisibilityTimeout": 36, "MaxReceives": 3, "DailySpread": 0}
EVERYBODY = 120
MANY = 1500

# What the roles may do and the journey does not, with the reason.
UNUSED = {
    ("DiffRole", "dynamodb:DeleteItem"): "gives back claims and parts of what broke off or was replaced",
}

aws = None
folder = None
built = {}


def setUpModule():
    global aws, folder
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rollcall-stack-"))
    for build in ("one", "two"):
        built[build] = folder / f"built-{build}"
        architecture = cloud.build(built[build], build)
    SHORT["Architecture"] = architecture
    aws = cloud.Cloud(folder / "cloud").start()


def tearDownModule():
    if aws is not None:
        aws.stop()
        results = cloud.ROOT / "tests/.results/stack"
        results.mkdir(parents=True, exist_ok=True)
        for log in (folder / "cloud").glob("*.log"):
            shutil.copy(log, results)
    shutil.rmtree(folder, ignore_errors=True)


def deploy(name, build, hr, **more):
    """Deploys a stack that is reached where the emulator serves it; its address is known after the first time."""
    settings = {**SHORT, "ProviderBaseUrls": hr.url, "FactorialClientId": hr.client_id,
                "FactorialClientSecret": hr.client_secret, **more}
    if "PublicUrl" not in settings:
        settings["PublicUrl"] = aws.deploy(name, built[build], **settings).url
    return aws.deploy(name, built[build], **settings)


def processes(stack, function):
    """The process ids of a function."""
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


def messages(stack, queue):
    """Takes the messages off a queue that nobody else reads."""
    sqs, url, found = aws.client("sqs"), stack.outputs[queue], []
    while True:
        received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", [])
        if not received:
            return found
        for message in received:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append(message["Body"])


class Journey(unittest.TestCase):
    """Everything that a deployed product is for, in order."""

    @classmethod
    def setUpClass(cls):
        cls.hr = product.Factorial(EVERYBODY)
        cls.addClassCleanup(cls.hr.stop)
        cls.stack = deploy("journey", "one", cls.hr)
        cls.backend = product.Backend(cls.stack.url, cls.stack.first_key())
        # It is received three times, which takes a while: it is looked for at the end.
        aws.client("sqs").send_message(QueueUrl=cls.stack.outputs["DiffQueue"], MessageBody="no message of ours")

    def carried(self, hr, tenant):
        """Everybody who ought to have an account has exactly one that is active, and nobody else."""
        users = [user for user in self.backend.users(tenant) if user["active"]]
        addresses = sorted(user["attributes"]["email"].lower() for user in users)
        self.assertEqual(addresses, sorted(hr.joiners()))

    def test_1_a_login_connects_and_what_was_previewed_is_applied(self):
        backend = self.backend
        self.assertEqual(backend.call("GET", "/healthz")["build"], "one")
        refused = product.request("GET", self.stack.url + "/v1/connections?tenant=acme")
        self.assertEqual(refused.status, 401)
        self.assertEqual(backend.send("GET", "/nowhere").status, 404)
        connection = backend.connect_by_login("acme", self.hr, apply="automatic_after_first")
        Journey.connection = connection
        backend.quiet(connection)
        plan = backend.preview(connection)
        self.assertEqual(plan["counts"]["joiners"], EVERYBODY)
        self.assertEqual(backend.send("POST", f"/v1/plans/{plan['id']}/apply", {"hash": "another"}).status, 409)
        self.assertEqual(backend.users("acme"), [])
        self.assertEqual(backend.done(backend.apply(plan))["status"], "succeeded")
        self.carried(self.hr, "acme")

    def test_2_the_schedule_fires_and_the_morning_carries_movers_joiners_and_leavers(self):
        before = {run["id"] for run in self.backend.runs(self.connection)}
        day = self.hr.control("POST", "day")
        self.assertTrue(day["joined"] and day["left"] and day["moved"])
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=75)
        deploy("journey", "one", self.hr, PublicUrl=self.stack.url, DailyHour=soon.hour, DailyMinute=soon.minute)

        def began():
            return [run for run in self.backend.runs(self.connection) if run["id"] not in before and run["kind"] == "diff"]

        run = until(began, 150)[0]
        self.assertEqual(self.backend.done(run["id"])["status"], "succeeded")
        self.backend.quiet(self.connection)
        plan = self.backend.preview(self.connection)
        moved = sum(plan["counts"][count] for count in ("joiners", "movers", "leavers", "rehires"))
        self.assertEqual(moved, 0, plan)

    def test_3_an_apply_of_several_slices_that_is_killed_in_the_middle_does_nothing_twice(self):
        hr = product.Factorial(MANY, seed=2)
        self.addCleanup(hr.stop)
        deploy("journey", "one", self.hr, PublicUrl=self.stack.url, ProviderBaseUrls=f"'{self.hr.url},{hr.url}'")
        backend = self.backend
        connection = backend.connect_by_key("large", hr, apply="approve")
        backend.quiet(connection)
        sent = self.slices_sent()
        run = backend.apply(backend.preview(connection))
        until(lambda: backend.call("GET", f"/v1/runs/{run}")["progress"]["done"] > 100, every=0.1)
        killed = processes(self.stack, "ApplyFunction")
        self.assertTrue(killed)
        for process in killed:
            os.kill(process, signal.SIGKILL)
        done = backend.done(run, 240)
        self.assertEqual((done["status"], done["errors"]), ("succeeded", []))
        self.assertGreater(self.slices_sent() - sent, 1)
        self.carried(hr, "large")
        users = backend.users("large")
        for user in users[::100]:
            history = backend.call("GET", f"/v1/tenants/large/users/{user['id']}/history")["data"]
            self.assertEqual(len([entry for entry in history if entry["kind"] == "created"]), 1, history)

    def slices_sent(self):
        """How many messages apply has sent itself."""
        url = self.stack.ids["ApplyQueue"].rsplit("/", 1)[-1]
        return len([line for line in aws.permissions() if "-ApplyRole-" in line["principal"]
                    and line["action"] == "sqs:SendMessage" and line["resource"].endswith(url) and line["decision"] == "Allow"])

    def test_4_a_message_that_cannot_be_carried_out_is_set_aside_and_a_good_one_is_brought_back(self):
        backend, stack = self.backend, self.stack
        until(lambda: stack.depth("DiffDeadLetters") == 1, 180)
        self.assertEqual(messages(stack, "DiffDeadLetters"), ["no message of ours"])
        with self.without("DiffRole", "dynamodb:Query"):
            answer = backend.send("POST", f"/v1/connections/{self.connection}/sync")
            run = answer.json["run"]
            until(lambda: stack.depth("DiffDeadLetters") == 1, 240)
        # What the operator does with `aws sqs start-message-move-task`, which this emulator does not have.
        for body in messages(stack, "DiffDeadLetters"):
            aws.client("sqs").send_message(QueueUrl=stack.outputs["DiffQueue"], MessageBody=body)
        self.assertEqual(backend.done(run)["status"], "succeeded")
        self.assertEqual(stack.depth("DiffQueue"), 0)

    def without(self, role, action):
        return Without(self.stack, role, action)


class Without:
    """A role that lacks an action for a while."""

    def __init__(self, stack, role, action):
        self.iam = aws.client("iam")
        self.role = stack.ids[role]
        self.policies = {name: self.iam.get_role_policy(RoleName=self.role, PolicyName=name)["PolicyDocument"]
                         for name in self.iam.list_role_policies(RoleName=self.role)["PolicyNames"]}
        self.action = action

    def put(self, name, document):
        self.iam.put_role_policy(RoleName=self.role, PolicyName=name, PolicyDocument=json.dumps(document))

    def __enter__(self):
        for name, document in self.policies.items():
            kept = []
            for statement in document["Statement"]:
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                rest = [action for action in actions if action != self.action]
                if rest:
                    kept.append({**statement, "Action": rest})
            self.put(name, {**document, "Statement": kept})

    def __exit__(self, *_):
        for name, document in self.policies.items():
            self.put(name, document)


if __name__ == "__main__":
    unittest.main(verbosity=2)
