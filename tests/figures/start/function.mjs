// A function in JavaScript as one would write it: the same three clients, built before the first request for work.
import http from "node:http";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";

export const clients = [new DynamoDBClient({}), new SecretsManagerClient({}), new SQSClient({})];
http.get(`http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/next`);
