// The page's one Trusted Types policy: scripts, workers included, come from this site and nowhere else. Must be loaded first.
// Markup is refused altogether; lit has a policy of its own, named in the page's content security policy.

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): unknown;
}

/** @throws TypeError for the address of another site @returns the address */
export function ownScript(url: string, baseUrl: string): string {
  const { origin, protocol } = new URL(url, baseUrl);
  if (origin === new URL(baseUrl).origin && /^(?:https?|blob):$/.test(protocol)) return url;
  throw new TypeError(`A script of another site is refused: ${url}`);
}

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
factory?.createPolicy('default', { createScriptURL: (url) => ownScript(url, document.baseURI) });
