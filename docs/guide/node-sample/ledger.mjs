// Takes a token only if Ingam says that it issued exactly this one: each is introspected (RFC 7662).
import { readFileSync } from 'node:fs';
import express from 'express';

const issuer = process.env.INGAM_ISSUER ?? 'http://127.0.0.1:8420';
const audience = process.env.AUDIENCE ?? 'https://orders.example';
const client = process.env.CLIENT_ID ?? 'orders';
const secret = readFileSync(process.env.CLIENT_SECRET_FILE ?? `${client}.secret`, 'utf8').trim();
const credential = 'Basic ' + Buffer.from(`${encodeURIComponent(client)}:${encodeURIComponent(secret)}`).toString('base64');

// The claims of a token; null when it is not good. Throws when nobody can say.
async function introspect(token) {
  const answer = await fetch(`${issuer}/oauth2/introspect`, {
    method: 'POST',
    headers: { authorization: credential },
    body: new URLSearchParams({ token }), // redeem: 'true' beside it for what may be done once
    redirect: 'error',
    signal: AbortSignal.timeout(5000),
  });
  if (answer.status !== 200) {
    throw new Error(`introspection answered ${answer.status}`);
  }
  const said = await answer.json();
  const good = said.active === true && said.iss === issuer && said.aud === audience;
  return good && !said.cnf ? said : null; // Nobody here looks at the sender, so what is bound to one is refused.
}

async function authenticate(request, response, next) {
  const token = /^Bearer +([^ ]+)$/i.exec(request.get('authorization') ?? '')?.[1];
  if (!token) {
    return response.status(401).set('WWW-Authenticate', 'Bearer').end();
  }
  try {
    request.claims = await introspect(token);
  } catch (e) {
    console.error('The ledger was not asked:', e.message);
    return response.status(503).set('Retry-After', '1').end();
  }
  if (!request.claims) {
    console.log('A token was refused: it is not active');
    return response.status(401).set('WWW-Authenticate', 'Bearer error="invalid_token"').end();
  }
  next();
}

const app = express();
app.disable('x-powered-by');
app.use(authenticate);
app.get('/orders', (request, response) => response.type('text').send(`orders of ${request.claims.sub}`));
const server = app.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => console.log('Listening on', server.address().port));
