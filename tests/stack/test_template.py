"""What the template promises and the emulated AWS does not enforce, each by name; and that it fits the code."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
FUNCTIONS = {"ApplyFunction", "ConnectFunction", "ConsoleFunction", "DailySyncFunction", "DiffFunction"}


class Loader(yaml.SafeLoader):
    """Reads the short forms of functions as their long ones."""


def short(loader, suffix, node):
    """Reads `!Name value` as `{"Fn::Name": value}`, and `!Ref value` as `{"Ref": value}`."""
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", short)
TEMPLATE = yaml.load((ROOT / "infra/template.yaml").read_text(), Loader)
RESOURCES = TEMPLATE["Resources"]
PARAMETERS = TEMPLATE["Parameters"]


def of_type(kind):
    """Returns the resources of a type, with their properties."""
    return {name: found.get("Properties", {}) for name, found in RESOURCES.items() if found["Type"] == kind}


def statements():
    """Yields every statement of every role, with the role's name."""
    for name, role in of_type("AWS::IAM::Role").items():
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                actions = statement["Action"]
                yield name, statement, actions if isinstance(actions, list) else [actions]


class Kept(unittest.TestCase):
    """The table and the secrets."""

    def test_the_table_outlives_the_stack_is_encrypted_recoverable_and_forgets_on_time(self):
        table = RESOURCES["Table"]
        self.assertEqual((table["DeletionPolicy"], table["UpdateReplacePolicy"]), ("Retain", "Retain"))
        properties = table["Properties"]
        self.assertEqual(properties["TimeToLiveSpecification"], {"AttributeName": "expires", "Enabled": True})
        self.assertTrue(properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"])
        self.assertTrue(properties["SSESpecification"]["SSEEnabled"])
        self.assertEqual(properties["BillingMode"], "PAY_PER_REQUEST")

    def test_keys_are_generated_and_the_hash_key_outlives_the_stack_with_its_table(self):
        for name in ("HashKey", "FirstApiKey"):
            made = RESOURCES[name]["Properties"]["GenerateSecretString"]
            self.assertGreaterEqual(made["PasswordLength"], 32)
            self.assertTrue(made["ExcludePunctuation"])
        self.assertEqual(RESOURCES["HashKey"]["DeletionPolicy"], "Retain")

    def test_a_secret_that_was_given_is_not_shown_again(self):
        self.assertTrue(PARAMETERS["Applications"]["NoEcho"])


class Names(unittest.TestCase):
    """Two stacks live side by side."""

    def test_nothing_has_a_fixed_name(self):
        members = {"TableName", "QueueName", "FunctionName", "RoleName", "TopicName", "LogGroupName", "Name", "AlarmName", "PolicyName"}
        for name, resource in RESOURCES.items():
            for member, value in (resource.get("Properties") or {}).items():
                if member in members:
                    self.assertIsInstance(value, dict, f"{name}.{member} is the same in every stack")


class Roles(unittest.TestCase):
    """One role per function, exact actions on exact resources."""

    def test_every_function_has_a_role_of_its_own(self):
        roles = [properties["Role"]["Fn::GetAtt"] for properties in of_type("AWS::Serverless::Function").values()]
        self.assertEqual(set(of_type("AWS::Serverless::Function")), FUNCTIONS)
        self.assertEqual(len(set(roles)), len(FUNCTIONS))

    def test_no_action_and_no_resource_is_a_wildcard(self):
        for role, statement, actions in statements():
            self.assertEqual(statement["Effect"], "Allow")
            for action in actions:
                self.assertNotIn("*", action, role)
            resources = statement["Resource"]
            if actions == ["secretsmanager:ListSecrets"]:
                # This action knows no resources (AWS: "Service Authorization Reference"); only the morning may list names.
                self.assertEqual((role, resources), ("DailySyncRole", "*"))
                continue
            for resource in resources if isinstance(resources, list) else [resources]:
                text = json.dumps(resource)
                self.assertNotEqual(resource, "*", role)
                self.assertRegex(text, r"Fn::GetAtt|AWS::StackName|Ref|Logs|Fn::Sub", role)

    def test_only_lambda_and_the_scheduler_of_this_account_take_the_roles(self):
        for name, role in of_type("AWS::IAM::Role").items():
            (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
            expected = "scheduler.amazonaws.com" if name == "MorningRole" else "lambda.amazonaws.com"
            self.assertEqual(statement["Principal"], {"Service": expected}, name)
            self.assertEqual(statement["Condition"]["StringEquals"]["aws:SourceAccount"], {"Ref": "AWS::AccountId"}, name)

    def test_functions_write_only_into_their_own_log_and_pollers_read_only_their_own_queue(self):
        for role, statement, actions in statements():
            text = json.dumps(statement["Resource"])
            if "logs:PutLogEvents" in actions:
                self.assertIn("${" + role.replace("Role", "Logs") + "}", text)
            if "sqs:ReceiveMessage" in actions:
                self.assertEqual(statement["Resource"], {"Fn::GetAtt": role.replace("Role", "Queue.Arn")})

    def test_the_schedule_may_begin_the_morning_and_nothing_else(self):
        allowed = [(actions, statement["Resource"]) for role, statement, actions in statements() if role == "MorningRole"]
        self.assertEqual(allowed[0], (["lambda:InvokeFunction"], {"Ref": "DailySyncFunction.Alias"}))
        self.assertEqual(allowed[1], (["sqs:SendMessage"], {"Fn::GetAtt": "MorningDeadLetters.Arn"}))


class Functions(unittest.TestCase):
    """How functions run."""

    def test_every_function_logs_json_into_a_group_with_retention(self):
        for name, properties in of_type("AWS::Serverless::Function").items():
            group = properties["LoggingConfig"]["LogGroup"]["Ref"]
            self.assertEqual(properties["LoggingConfig"]["LogFormat"], "JSON")
            self.assertEqual(RESOURCES[group]["Properties"]["RetentionInDays"], {"Ref": "LogRetentionDays"}, name)

    def test_diff_and_apply_may_send_to_themselves_and_take_one_message_at_a_time(self):
        for name in ("DiffFunction", "ApplyFunction"):
            properties = RESOURCES[name]["Properties"]
            self.assertEqual(properties["RecursiveLoop"], "Allow")
            source = properties["Events"]["Messages"]["Properties"]
            self.assertEqual((source["BatchSize"], source["FunctionResponseTypes"]), (1, ["ReportBatchItemFailures"]))

    def test_a_message_is_invisible_for_longer_than_its_function_may_run(self):
        self.assertGreater(PARAMETERS["VisibilityTimeout"]["Default"], PARAMETERS["FunctionTimeout"]["Default"])
        self.assertEqual(PARAMETERS["FunctionTimeout"]["Default"], 300)
        self.assertEqual(PARAMETERS["MaxReceives"]["Default"], 5)
        for queue in ("DiffQueue", "ApplyQueue"):
            self.assertEqual(RESOURCES[queue]["Properties"]["VisibilityTimeout"], {"Ref": "VisibilityTimeout"})
            self.assertTrue(RESOURCES[queue]["Properties"]["SqsManagedSseEnabled"])

    def test_the_environment_is_what_the_code_reads(self):
        source = (ROOT / "shared/src/runtime/environment.rs").read_text()
        listed = re.search(r"pub const VARIABLES.*?\];", source, re.S)[0]
        given = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
        self.assertEqual(sorted(given), re.findall(r'"(ROLLCALL_\w+)"', listed))

    def test_whoever_answers_requests_may_count_them(self):
        answering = {name.replace("Integration", "Role") for name in of_type("AWS::ApiGatewayV2::Integration")}
        counting = {role for role, statement, actions in statements()
                    if "dynamodb:UpdateItem" in actions and "table/${Name}" in json.dumps(statement["Resource"])}
        self.assertLessEqual(answering, counting)

    def test_a_function_is_called_through_its_alias(self):
        self.assertEqual(TEMPLATE["Globals"]["Function"]["AutoPublishAlias"], "live")
        for name, integration in of_type("AWS::ApiGatewayV2::Integration").items():
            self.assertEqual(integration["IntegrationUri"], {"Ref": name.replace("Integration", "Function.Alias")})


class Build(unittest.TestCase):
    """What `sam build` calls."""

    def test_it_compiles_with_the_toolchain_of_the_project_wherever_it_is_called_from_and_whatever_is_set_there(self):
        pinned = re.search(r'^channel = "(.+)"$', (ROOT / "rust-toolchain.toml").read_text(), re.M)[1]
        for architecture in ("arm64", "x86_64"):
            with tempfile.TemporaryDirectory() as folder:
                folder = pathlib.Path(folder)
                # This stands in place of rustup's `cargo`: it notes which toolchain it is told to use, and makes the files it
                # is asked for.
                shim = folder / "bin/cargo"
                shim.parent.mkdir()
                shim.write_text('#!/bin/sh\necho "$RUSTUP_TOOLCHAIN" >>"$NOTED"\n'
                                'mkdir -p "$TARGET/release" "$TARGET/lambda/apply"\ntouch "$TARGET/release/apply" "$TARGET/lambda/apply/bootstrap"\n')
                shim.chmod(0o755)
                environment = {**os.environ, "PATH": f"{shim.parent}:{os.environ['PATH']}", "NOTED": str(folder / "noted"),
                               "TARGET": str(folder / "target"), "ARTIFACTS_DIR": str(folder), "ARCHITECTURE": architecture,
                               "PROFILE": "release", "RUSTUP_TOOLCHAIN": "another"}
                command = ["make", "-f", str(ROOT / "infra/Makefile"), "build-ApplyFunction"]
                subprocess.run(command, env=environment, cwd=folder, check=True, capture_output=True)
                self.assertTrue((folder / "bootstrap").exists())
                self.assertEqual((folder / "noted").read_text(), f"{pinned}\n")


class Schedule(unittest.TestCase):
    """The morning."""

    def test_it_fires_at_four_by_the_clocks_of_a_chosen_time_zone_and_again_where_it_fails(self):
        schedule = RESOURCES["Morning"]["Properties"]
        self.assertEqual((PARAMETERS["DailyHour"]["Default"], PARAMETERS["DailyMinute"]["Default"]), (4, 0))
        self.assertEqual(schedule["ScheduleExpression"], {"Fn::Sub": "cron(${DailyMinute} ${DailyHour} * * ? *)"})
        self.assertEqual(schedule["ScheduleExpressionTimezone"], {"Ref": "DailyTimeZone"})
        self.assertEqual(schedule["Target"]["Arn"], {"Ref": "DailySyncFunction.Alias"})
        self.assertEqual(schedule["Target"]["RetryPolicy"], {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 10})
        self.assertEqual(schedule["Target"]["DeadLetterConfig"], {"Arn": {"Fn::GetAtt": "MorningDeadLetters.Arn"}})
        self.assertEqual(json.loads(schedule["Target"]["Input"])["time"], "<aws.scheduler.scheduled-time>")


class Http(unittest.TestCase):
    """The HTTP API."""

    def test_its_routes_are_those_of_the_contract_and_the_default(self):
        contract = json.loads((ROOT / "shared/src/api/openapi.json").read_text())["paths"]
        expected = {f"{method.upper()} {path}" for path, methods in contract.items() for method in methods}
        routes = [route["RouteKey"] for route in of_type("AWS::ApiGatewayV2::Route").values()]
        self.assertEqual(sorted(routes), sorted(expected | {"$default"}))

    def test_it_is_throttled_and_its_log_names_no_path_and_no_query(self):
        stage = RESOURCES["ApiStage"]["Properties"]
        self.assertEqual(stage["DefaultRouteSettings"], {"ThrottlingRateLimit": {"Ref": "RequestsPerSecond"},
                                                         "ThrottlingBurstLimit": {"Ref": "RequestBurst"}})
        # The limit is a roof over all callers, and not what one caller may use up.
        ten_seconds = 10 * PARAMETERS["RequestsPerSecond"]["Default"]
        self.assertGreaterEqual(ten_seconds, 10 * PARAMETERS["RequestsPerKey"]["Default"])
        self.assertGreaterEqual(PARAMETERS["RequestBurst"]["Default"], PARAMETERS["RequestsPerSecond"]["Default"])
        line = stage["AccessLogSettings"]["Format"]
        self.assertLessEqual(set(re.findall(r"\$context\.([\w.]+)", line)), {
            "requestId", "routeKey", "status", "responseLength", "responseLatency", "integrationErrorMessage"})
        self.assertIsInstance(json.loads(line), dict)

    def test_only_this_api_calls_the_functions(self):
        for name, permission in of_type("AWS::Lambda::Permission").items():
            self.assertEqual(permission["Principal"], "apigateway.amazonaws.com", name)
            self.assertIn(":${Api}/*", permission["SourceArn"]["Fn::Sub"], name)


class Alarms(unittest.TestCase):
    """The alarms: each trouble that a person has to look at has one."""

    def test_there_is_an_alarm_for_each_trouble_and_somebody_is_told(self):
        alarms = of_type("AWS::CloudWatch::Alarm")
        expected = {"NoCompletedRun", "MorningMissed", "OverdueConnections", "PlanHeld", "DiffDeadLetters", "ApplyDeadLetters",
                    "MorningDeadLetters", "ApiErrors"} | {name.replace("Function", "Errors") for name in FUNCTIONS}
        self.assertEqual({name.removesuffix("Alarm") for name in alarms}, expected)
        for name, alarm in alarms.items():
            self.assertEqual(alarm["AlarmActions"], [{"Ref": "AlarmTopic"}], name)

    def test_every_alarm_has_its_place_in_the_runbook(self):
        runbook = (ROOT / "README.md").read_text()
        for name in of_type("AWS::CloudWatch::Alarm"):
            self.assertIn(f"`{name}`", runbook)

    def test_what_is_counted_in_logs_is_what_the_code_logs(self):
        source = "".join(path.read_text() for path in (ROOT / "shared/src/run").rglob("*.rs"))
        for name, metric in of_type("AWS::Logs::MetricFilter").items():
            message = re.search(r'\$\.message = "([^"]+)"', metric["FilterPattern"])[1]
            self.assertIn(f'"{message}"', source, name)
            value = metric["MetricTransformations"][0]["MetricValue"]
            if value.startswith("$."):
                self.assertRegex(source, rf"\b{value[2:]}\b", name)


class Parameters(unittest.TestCase):
    """A stack can be deployed without saying anything."""

    def test_every_parameter_has_a_default_and_says_what_it_is(self):
        for name, parameter in PARAMETERS.items():
            self.assertIn("Default", parameter, name)
            self.assertTrue(parameter["Description"].endswith(".") or parameter["Description"], name)
        self.assertEqual(PARAMETERS["ProviderBaseUrls"]["Default"], "")


if __name__ == "__main__":
    unittest.main()
