// Drives the authority with OAuth clients that others wrote. Reads what it needs from standard input as JSON, prints one JSON
// object: each step's name with what came of it. IndependentClientsTest says what must have come.
globalThis.crypto ??= (await import('node:crypto')).webcrypto; // Node 18, as Debian 12 has it
const client = await import('openid-client');
const jose = await import('jose');

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const JWT_TYPE = 'urn:ietf:params:oauth:token-type:jwt';

let input = '';
for await (const chunk of process.stdin) {
  input += chunk;
}
const given = JSON.parse(input);
const http = { algorithm: 'oauth2', execute: [client.allowInsecureRequests] };

const discovered = (id, metadata, authentication) =>
  client.discovery(new URL(given.issuer), id, metadata, authentication, http);

const privateKey = (jwk) => jose.importJWK(jwk, jwk.alg).then((key) => ({ key, kid: jwk.kid }));

const job = await discovered('job', given.secret, client.ClientSecretBasic(given.secret));
const jobByPost = await discovered('job', given.secret, client.ClientSecretPost(given.secret));
const resource = await discovered('resource', given.resourceSecret, client.ClientSecretBasic(given.resourceSecret));

const keys = jose.createRemoteJWKSet(new URL(job.serverMetadata().jwks_uri));
const verified = (token) =>
  jose.jwtVerify(token, keys, { issuer: given.issuer, audience: 'shop', typ: 'at+jwt' }).then(({ payload }) => payload);

const granted = (config, parameters) => client.clientCredentialsGrant(config, { audience: 'shop', ...parameters });

/// A client that signs; `tokenEndpoint` where the discovered one does not serve the grant.
async function signing(id, jwk, tokenEndpoint) {
  const config = await discovered(id, undefined, client.PrivateKeyJwt(await privateKey(jwk)));
  if (!tokenEndpoint) {
    return config;
  }
  const metadata = { ...config.serverMetadata(), token_endpoint: tokenEndpoint };
  const inside = new client.Configuration(metadata, id, undefined, client.PrivateKeyJwt(await privateKey(jwk)));
  client.allowInsecureRequests(inside);
  return inside;
}

async function logIn(subject) {
  const app = await signing('login-app', given.loginKey);
  const caller = await client.clientCredentialsGrant(app, { audience: 'urn:ingam:internal' });
  const answer = await fetch(`${given.internal}/events/login`, {
    method: 'POST',
    headers: { authorization: `Bearer ${caller.access_token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ subject, time: new Date().toISOString(), method: 'password', source: '203.0.113.7' }),
  });
  return (await answer.json()).session;
}

async function exchanged(subject, sid) {
  const upstream = await privateKey(given.upstreamKey);
  const subjectToken = await new jose.SignJWT({ sid })
    .setProtectedHeader({ alg: given.upstreamKey.alg, kid: given.upstreamKey.kid })
    .setIssuer(given.upstream)
    .setSubject(subject)
    .setAudience(given.issuer)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(upstream.key);
  const app = await signing('shop-app', given.exchangeKey, `${given.internal}/oauth2/token`);
  return client.genericGrantRequest(app, EXCHANGE, {
    subject_token: subjectToken,
    subject_token_type: JWT_TYPE,
    audience: 'shop',
  });
}

/// The token with another payload under its own signature.
function tampered(token) {
  const [header, payload, signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  const other = Buffer.from(JSON.stringify({ ...claims, sub: 'client:other' })).toString('base64url');
  return [header, other, signature].join('.');
}

const steps = {
  async metadata() {
    return job.serverMetadata();
  },
  async secretBasic() {
    return verified((await granted(job)).access_token);
  },
  async secretPost() {
    return verified((await granted(jobByPost)).access_token);
  },
  async privateKeyJwt() {
    return verified((await granted(await signing('signing-job', given.jobKey))).access_token);
  },
  async exchange() {
    const session = await logIn('alice');
    return verified((await exchanged('alice', session)).access_token);
  },
  async exchangeWithoutSession() {
    return exchanged('alice', 'A'.repeat(22));
  },
  async wrongSecretBasic() {
    return granted(await discovered('job', 'wrong', client.ClientSecretBasic('wrong')));
  },
  async wrongSecretPost() {
    return granted(await discovered('job', 'wrong', client.ClientSecretPost('wrong')));
  },
  async wrongScope() {
    return granted(job, { scope: 'everything' });
  },
  async tamperedToken() {
    return verified(tampered((await granted(job)).access_token));
  },
  async introspection() {
    const { access_token } = await granted(job);
    return client.tokenIntrospection(resource, access_token);
  },
  async introspectionOfTampered() {
    return client.tokenIntrospection(resource, tampered((await granted(job)).access_token));
  },
  async introspectionAfterRevocation() {
    const { access_token } = await granted(job);
    await client.tokenRevocation(job, access_token);
    return client.tokenIntrospection(resource, access_token);
  },
  async introspectionWithoutTheRight() {
    const { access_token } = await granted(job);
    return client.tokenIntrospection(job, access_token);
  },
};

const results = {};
for (const [name, step] of Object.entries(steps)) {
  try {
    results[name] = await step();
  } catch (e) {
    results[name] = { failed: e.error ?? e.code ?? String(e) };
  }
}
process.stdout.write(`${JSON.stringify(results)}\n`);
