// A client that others wrote gets a token that is bound to its key, and shows it to an application behind nginx. Reads what it
// needs from standard input as JSON, prints what came of each step. BoundTokensPeersTest says what must have come.
globalThis.crypto ??= (await import('node:crypto')).webcrypto; // Node 18, as Debian 12 has it
const client = await import('openid-client');

let input = '';
for await (const chunk of process.stdin) {
  input += chunk;
}
const given = JSON.parse(input);

const job = await client.discovery(new URL(given.issuer), 'job', given.secret, client.ClientSecretBasic(given.secret), {
  algorithm: 'oauth2',
});
const DPoP = client.getDPoPHandle(job, await client.randomDPoPKeyPair());
const url = new URL(given.resource);

/// Status, and the reason or the page.
const told = async (answer) => `${answer.status} ${answer.headers.get('x-ingam-reason') ?? (await answer.text())}`;

/// What goes over the wire, so that a thief can send it once more.
let seen;
job[client.customFetch] = (address, options) => {
  seen = { address, headers: new Headers(options.headers) };
  return fetch(address, options);
};

const shown = (token, by) =>
  client
    .fetchProtectedResource(job, token, url, 'GET', null, undefined, { DPoP: by })
    .catch((e) => e.response ?? e.cause)
    .then(told);

const tokens = await client.clientCredentialsGrant(job, { audience: 'shop' }, { DPoP });
const token = tokens.access_token;
const came = { tokenType: tokens.token_type };
came.page = await shown(token, DPoP);
const stolen = seen;
came.again = await shown(token, DPoP);
came.asBearer = await told(await fetch(url, { headers: { authorization: `Bearer ${token}` } }));
came.byThief = await shown(token, client.getDPoPHandle(job, await client.randomDPoPKeyPair()));
came.replayed = await told(await fetch(stolen.address, { headers: stolen.headers }));
const unbound = await client.clientCredentialsGrant(job, { audience: 'shop' });
came.unbound = await told(await fetch(url, { headers: { authorization: `Bearer ${unbound.access_token}` } }));
process.stdout.write(`${JSON.stringify(came)}\n`);
