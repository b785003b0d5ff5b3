// Takes a token that a key of Ingam's public set signed. It asks no ledger: what that gives up is in ../node.md.
import { webcrypto } from 'node:crypto';
import express from 'express';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

globalThis.crypto ??= webcrypto; // Node 18

const issuer = process.env.INGAM_ISSUER ?? 'http://127.0.0.1:8420';
const audience = process.env.AUDIENCE ?? 'https://orders.example';
const keys = createRemoteJWKSet(new URL(`${issuer}/oauth2/jwks`));
const expected = { issuer, audience, typ: 'at+jwt', algorithms: ['ES256'], requiredClaims: ['sub', 'client_id', 'iat', 'exp', 'jti'] };

// What went wrong is with the token, and not with fetching the keys.
const refusing = [errors.JWTExpired, errors.JWTClaimValidationFailed, errors.JWTInvalid, errors.JWSInvalid, errors.JOSENotSupported,
  errors.JOSEAlgNotAllowed, errors.JWSSignatureVerificationFailed, errors.JWKSNoMatchingKey];

async function authenticate(request, response, next) {
  const token = /^Bearer +([^ ]+)$/i.exec(request.get('authorization') ?? '')?.[1];
  if (!token) {
    return response.status(401).set('WWW-Authenticate', 'Bearer').end();
  }
  try {
    const { payload } = await jwtVerify(token, keys, expected);
    if (payload.cnf) {
      return refuse(response, 'sender_mismatch'); // Nobody here looks at the sender.
    }
    request.claims = payload;
  } catch (e) {
    if (refusing.some((kind) => e instanceof kind)) {
      return refuse(response, e.code);
    }
    console.error('The key set was not had:', e.code ?? e.name);
    return response.status(503).set('Retry-After', '1').end();
  }
  next();
}

function refuse(response, reason) {
  console.log('A token was refused:', reason);
  response.status(401).set('WWW-Authenticate', 'Bearer error="invalid_token"').end();
}

const app = express();
app.disable('x-powered-by');
app.use(authenticate);
app.get('/orders', (request, response) => response.type('text').send(`orders of ${request.claims.sub}`));
const server = app.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => console.log('Listening on', server.address().port));
