// A strict, real authorization server (npm oidc-provider) in front of an emulated HR system: codes are used once, refresh
// tokens rotate, and using an old one revokes the whole family. Requests to other paths go to the
// emulator, if they carry an access token that is good.
//
//   node server.mjs '{"upstream": URL, "upstream_key": KEY, "redirect_uri": URL}'
//
// It listens on a free port of 127.0.0.1 and writes one line of JSON once it does: its url, client id and secret.

import { randomBytes } from 'node:crypto';
import http from 'node:http';

import Provider from 'oidc-provider';

const { upstream, upstream_key: upstreamKey, redirect_uri: redirectUri } = JSON.parse(process.argv[2]);
const secret = () => randomBytes(24).toString('base64url');
const client = { client_id: 'rollcall', client_secret: secret() };
// A program that logs in for itself, whose id and secret are written otherwise in a form.
const program = {
  client_id: 'program:1',
  client_secret: `${secret()}:/+ %`,
  redirect_uris: [],
  grant_types: ['client_credentials'],
  response_types: [],
  token_endpoint_auth_method: 'client_secret_basic',
};

// What tests can ask for, and what they can count.
const counts = { authorization_code: 0, refresh_token: 0, client_credentials: 0, refused: 0, api: 0 };
const orders = { loseReply: false, failWith: 0, expireAfter: Infinity };

const listener = http.createServer();
await new Promise((listening) => listener.listen(0, '127.0.0.1', listening));
const url = `http://127.0.0.1:${listener.address().port}`;

const provider = new Provider(url, {
  clients: [{
    ...client,
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_post',
  }, program],
  cookies: { keys: [secret()] },
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false }, revocation: { enabled: true } },
  // Factorial documents no proof key; the server takes one where it comes.
  pkce: { required: () => false },
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  ttl: { AccessToken: 3600, AuthorizationCode: 60, ClientCredentials: 60, RefreshToken: 7 * 86400, Grant: 30 * 86400, Interaction: 600, Session: 3600 },
  routes: { authorization: '/oauth/authorize', token: '/oauth/token', revocation: '/oauth/revoke' },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
});

provider.use(async (ctx, next) => {
  if (orders.failWith && ctx.path === '/oauth/token') {
    // Out of order before it looked at anything: no token is used up.
    ctx.status = orders.failWith;
    ctx.body = 'out of order';
    return;
  }
  await next();
  if (ctx.oidc?.route !== 'token') return;
  const grant = ctx.oidc.body?.grant_type;
  if (ctx.status === 200) counts[grant] += 1;
  else counts.refused += 1;
  if (orders.loseReply) {
    orders.loseReply = false;
    ctx.respond = false;
    ctx.req.socket.destroy();
  }
});

const answer = provider.callback();

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function reply(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

// The person before the page: who they are, and whether they allow it.
async function interact(request, response) {
  const details = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<form method="post"><button name="decision" value="allow">Allow</button></form>');
    return;
  }
  const decision = new URLSearchParams(await read(request)).get('decision');
  let result = { error: 'access_denied', error_description: 'the person said no' };
  if (decision === 'allow') {
    const grant = new provider.Grant({ accountId: 'admin', clientId: details.params.client_id });
    grant.addOIDCScope('openid');
    result = { login: { accountId: 'admin' }, consent: { grantId: await grant.save() } };
  }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function passOn(request, response) {
  const value = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  const token = value && (await provider.AccessToken.find(value));
  counts.api += 1;
  if (counts.api > orders.expireAfter && token) {
    orders.expireAfter = Infinity;
    await token.destroy();
    reply(response, 401, { errors: 'The access token expired' });
  } else if (!token) {
    reply(response, 401, { errors: 'The access token is invalid' });
  } else {
    const forwarded = await fetch(upstream + request.url, { headers: { 'x-api-key': upstreamKey } });
    response.writeHead(forwarded.status, { 'content-type': forwarded.headers.get('content-type') ?? 'text/plain' });
    response.end(Buffer.from(await forwarded.arrayBuffer()));
  }
}

async function order(request, response) {
  if (request.method === 'POST') {
    const wanted = JSON.parse(await read(request));
    if (wanted.expireAfter !== undefined) wanted.expireAfter += counts.api;
    Object.assign(orders, wanted);
  }
  reply(response, 200, counts);
}

listener.on('request', (request, response) => {
  const path = request.url.split('?')[0];
  const failed = (error) => { process.stderr.write(`${error.name}: ${error.message}\n`); response.destroy(); };
  if (path === '/_test') order(request, response).catch(failed);
  else if (path.startsWith('/interaction/')) interact(request, response).catch(failed);
  else if (path.startsWith('/api/')) passOn(request, response).catch(failed);
  else {
    // The scope is preset with the application, as Factorial has it: the address need not name it.
    if (path === '/oauth/authorize') request.url += '&scope=openid';
    answer(request, response);
  }
});

process.stdout.write(`${JSON.stringify({ url, ...client, program_secret: program.client_secret })}\n`);
