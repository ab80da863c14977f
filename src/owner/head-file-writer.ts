// Ed25519 over the text of a head, by the platform (WebCrypto; RFC 8032): who holds the key wrote this file.
import { messageOf, RecommenderError } from '../base/errors.ts';
import { fromBase64, toBase64 } from '../head/number-text.ts';

export interface KeyPair {
  privateKey: CryptoKey;
  /** Base64 of the 32 raw bytes. */
  publicKey: string;
}

export interface Signature {
  algorithm: 'Ed25519';
  /** Base64 of the 32 raw bytes. */
  publicKey: string;
  /** Base64 of the 64 bytes. */
  value: string;
}

const ED25519 = { name: 'Ed25519' };

/** @param pem PKCS #8, as `openssl genpkey -algorithm ed25519` writes it @throws bad-argument when it is no such key */
export async function readSigningKey(pem: string): Promise<KeyPair> {
  const body = /-----BEGIN PRIVATE KEY-----([\s\S]+?)-----END PRIVATE KEY-----/.exec(pem)?.[1]?.replace(/\s/g, '');
  try {
    if (!body) throw new Error('there is no PRIVATE KEY block in it');
    const privateKey = await crypto.subtle.importKey('pkcs8', fromBase64(body), ED25519, true, ['sign']);
    const { x } = await crypto.subtle.exportKey('jwk', privateKey);
    if (!x) throw new Error('it holds no public key');
    return { privateKey, publicKey: fromUrl(x) };
  } catch (cause) {
    const message = `The signing key cannot be used: ${messageOf(cause)}. Make one with: openssl genpkey -algorithm ed25519 -out key.pem`;
    throw new RecommenderError('bad-argument', message, {}, { cause });
  }
}

/** Base64url without padding to base64. */
function fromUrl(text: string): string {
  return text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .padEnd(Math.ceil(text.length / 4) * 4, '=');
}

export async function signText(text: string, { privateKey, publicKey }: KeyPair): Promise<Signature> {
  const value = await crypto.subtle.sign(ED25519, privateKey, new TextEncoder().encode(text));
  return { algorithm: 'Ed25519', publicKey, value: toBase64(new Uint8Array(value)) };
}

/** Whether the holder of `publicKey` signed the text. @throws bad-head where the platform has no Ed25519, or the key is none */
export async function verifyText(text: string, { publicKey, value }: Signature): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', fromBase64(publicKey), ED25519, false, ['verify']);
    return await crypto.subtle.verify(ED25519, key, fromBase64(value), new TextEncoder().encode(text));
  } catch (cause) {
    throw new RecommenderError(
      'bad-head',
      `The signature cannot be checked here: ${messageOf(cause)}. Use a browser with Ed25519, or a head without a signature.`,
      {},
      { cause },
    );
  }
}
